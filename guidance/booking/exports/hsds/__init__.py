"""The open data of the whole portal as an HSDS 3.1 API, its UK profile and a tabular package."""
