"""What the catalogue knows as Human Services Data (HSDS 3.1): small functions from a row to a record.

A record is a dictionary in the reader's language. `guidance.booking.exports.hsds` adds group sessions and
puts the records together to the answers of the API. Source: Open Referral HSDS 3.1,
https://docs.openreferral.org/en/latest/hsds/schema_reference.html.
"""
