"""Those who submit forms in the demo: form providers, and a person with a browser."""
