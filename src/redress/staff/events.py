"""What can be written in the trail about officers?"""

from redress.access import trail

ADDED = trail.kind("staff.added", "The officer was added", blanks=("name", "email"))
ROLE_GIVEN = trail.kind("staff.role-given", "A role was given")
ABSENCE_RECORDED = trail.kind("staff.absence-recorded", "An absence was recorded", blanks=("reason",))
ABSENCE_CANCELLED = trail.kind("staff.absence-cancelled", "An absence was cancelled")
PASSWORD_SET = trail.kind("staff.password-set", "A new password was set for the officer")
LINK_MADE = trail.kind(
    "staff.link-made", "A one-use link was made, with which the officer chooses a password until {until}"
)
LINK_USED = trail.kind("staff.link-used", "The officer chose a password by a one-use link")
SECOND_FACTOR_FORGOTTEN = trail.kind(
    "staff.second-factor-forgotten", "The officer's second factor was taken away, so that another can be set up"
)
NOTICE_MAILED = trail.kind("staff.notice-mailed", "A notice went by e-mail too")
NOTICES_READ = trail.kind("staff.notices-read", "Notices were marked as read")
