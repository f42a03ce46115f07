"""The polite crawler: one site at a time, slowly, by its rules, into a folder of raw pages.

From the address up: `urls` (one spelling for one page), `gate` (which addresses may be reached), `fetch` (one
bounded request), `manners` (waits, second tries, signs of a locked door), `robots`, `visit` (one page with its
redirects), `reading` (links), `folder` (pages on disk and what is known about them), `crawler` (the walk), `sites`.
Not covered: reading facts out of pages (that is the importer's), pages drawn by scripts, logins, proxies.
"""
