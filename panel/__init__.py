"""Captain Panel: run a swarm of coding agents from one desktop window."""

__version__ = "0.1.0"
