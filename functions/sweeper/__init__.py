"""The scheduled function that makes lost calls, lost leases and lost queues good."""
