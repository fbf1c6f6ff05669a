"""What chess analysis means, in pure code: python-chess and the standard library, no clock, no network."""
