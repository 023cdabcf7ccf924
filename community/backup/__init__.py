"""The whole site in one folder, and a site made of such a folder again.

`making` and `restoring` are the verbs, `engines` what differs between the databases,
`settling` what a restored site must forget, and must not do a second time.
"""
