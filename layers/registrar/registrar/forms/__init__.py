"""What people and providers send, and what people see: HTTP requests, webhooks of form providers, HTML pages. Pure."""
