"""Requests, results and the engines that turn the one into the other."""
