"""Reading TOML files strictly: tables with types, and every key with its line."""
