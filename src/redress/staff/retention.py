"""How long is kept what we know of the people who work here?"""

from redress.plumbing.keeping import REMOVED, REPLACED, fields, kept, personal

AFTER_LAST_CASE = "6 years after the last case that the officer held, wrote on or checked was closed"
AFTER_LEAVING = "the day the officer leaves"
ONE_YEAR = "1 year after it was told"
WHEN_LINK_IS_OVER = "1 year after the link was made"
TWO_YEARS = "2 years after the absence ended"

FIELDS = fields(
    kept("Officer", "id is_active level", after=AFTER_LAST_CASE),
    personal("Officer", "name email", after=AFTER_LAST_CASE, blank=REPLACED),
    personal("Officer", "job_title telephone", after=AFTER_LAST_CASE),
    personal("Officer", "password last_login", after=AFTER_LEAVING),
    kept("Membership", "id council officer role service since until", after=AFTER_LAST_CASE),
    kept("SignInLink", "id officer made_at expires_at used_at ended_at", after=WHEN_LINK_IS_OVER, blank=REMOVED),
    personal("SignInLink", "digest made_by", after=WHEN_LINK_IS_OVER, blank=REMOVED),
    kept("Absence", "id officer starts_on ends_on cover cancelled_at cancelled_by", after=TWO_YEARS, blank=REMOVED),
    personal("Absence", "reason", after=TWO_YEARS, blank=REMOVED),
    kept(
        "Notice", "id council officer kind once case_reference told_at mailed_at read_at", after=ONE_YEAR, blank=REMOVED
    ),
    personal("Notice", "text", after=ONE_YEAR, blank=REMOVED),
)
