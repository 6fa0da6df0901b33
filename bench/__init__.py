"""The measured bars: `bin/bench`."""
