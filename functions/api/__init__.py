"""The HTTP API as one Lambda function: FastAPI behind Mangum."""
