"""The notebook's words: parse the line, call one function below, show the result."""
