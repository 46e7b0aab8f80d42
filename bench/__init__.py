"""The product measured beside its peers: ratios within one run, on built artefacts."""
