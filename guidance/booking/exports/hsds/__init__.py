"""The open data of the whole portal as an HSDS 3.1 API, its Open Referral UK profile and a tabular package."""
