"""The product measured beside its peers: ratios within one run, on built artefacts. Each module says how it is called."""
