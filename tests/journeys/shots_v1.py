import datetime as dt, os
import pytest
from django.test import Client
from factories.intake import *
from redress.plumbing import moment
from redress.casework import intake, authority

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
OUT = "/tmp/v1shots"


@pytest.mark.django_db(transaction=True)
def test_shots(live_server, settings):
    settings.REDRESS_DEMONSTRATION = True
    of = office()
    now = moment.now()
    day = dt.timedelta(days=1)
    of.mailbox.last_success_at = now
    of.mailbox.save()
    logged(
        of,
        person=intake.Who(
            new=intake.Details(name="Daniel Fenn", email="d.fenn@mail.example", address="18 Alder Close")
        ),
        at=now,
        received_at=now - 40 * day,
        received_on=(now - 40 * day).date(),
        matter="Brown bin not delivered",
    )
    logged(of, person=intake.Who(new=intake.Details(name="Danielle Fenn", address="18 Alder Close")), at=now)

    def m(body, subject, sender, ago=0, i=[0], **k):
        i[0] += 1
        return arrive(
            of,
            mail(body, subject=subject, sender=sender, message_id=f"<{i[0]}@x>", **k),
            at=now - ago * day,
            received_at=now - ago * day,
        )

    m(
        "The boiler went off on Thursday night, I have rung three times and my baby is eight days old. There is mould.",
        "No heating since Thursday and a newborn",
        "Chloe Barratt <c@mail.example>",
        3,
    )
    m(
        "I wish to complain in the strongest terms about the refusal of my badge. I cannot walk further than",
        "Blue badge refused",
        "Peter Hargreaves <p@mail.example>",
        7,
    )
    m(
        "On Saturday I was shouted at in front of my children",
        "Rude member of staff at the tip",
        "Lorna Whitlock <l@mail.example>",
        6,
    )
    m(
        "This is the third year I have written about the lime tree outside number 40",
        "Tree roots, again",
        "Sheila Brandt <s@mail.example>",
        4,
    )
    m(
        "Please see below from Mr Castle, who has waited since July for a reply about the alley gates",
        "For a resident in Mere Ward",
        "Councillor Ann Doyle <cllr.doyle@northmere.example>",
        3,
    )
    m(
        "Two of your men stopped to help my wife when she fell. I would like to thank them.",
        "Thank you to the crew on Alder Road",
        "Gareth Pugh <g@mail.example>",
        3,
    )
    fenn = m(
        "Good morning,\n\nI have been charged twice for garden waste this year, £48 on 3 March and £48 again on 6 July. I have rung and been told it would be looked at.\n\nThe brown bin you promised me in August has never come. So I have paid you £96 for a bin I do not have.\n\nI would like my money back and the bin delivered. I also want to know, under freedom of information, how many people have been charged twice this year.\n\nDaniel Fenn\n18 Alder Close\n\n> On Monday you wrote\n> that all was well",
        "Garden waste charged twice, and a question",
        "Daniel Fenn <d.fenn@mail.example>",
        0,
        files=(("statement-march.pdf", b"%PDF-1.7 x"),),
    )
    arrive(of, b"no header at all, only words", at=now)
    m(
        "The address does not exist",
        "Undelivered: your complaint",
        "MAILER-DAEMON@mail.example",
        0,
        headers={"Auto-Submitted": "auto-replied"},
    )
    eve = logged(
        of,
        person=intake.Who(new=intake.Details(name="Eve Lindqvist", email="eve@mail.example")),
        representative=intake.Who(new=intake.Details(name="Marcus Hale", email="m@mail.example")),
        at=now,
    )
    req = logged(
        of,
        kind="service-request",
        reason="They ask for a new bin.",
        points=(),
        at=now,
        matter="New bin for 4 Mere Lane",
    )
    set1 = m("Buy our bins", "Offer of bins", "shop@mail.example")
    intake.set_aside(message=set1.message, reason="An advertisement.", by=of.actor(), at=now)
    client = Client()
    client.force_login(of.officers[Role.OFFICER], backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = client.cookies["sessionid"].value
    from playwright.sync_api import sync_playwright

    pages = {
        "queue": f"/desk/intake/?open=m{fenn.message.pk}",
        "log": f"/desk/intake/{fenn.message.pk}/log/",
        "blank": "/desk/intake/log/",
        "aside": "/desk/intake/?view=aside",
        "decide": f"/desk/intake/{fenn.message.pk}/elsewhere/",
        "message": f"/desk/intake/{fenn.message.pk}/",
        "requests": "/desk/intake/requests/",
        "request": f"/desk/intake/requests/{req.reference}/",
        "letter": f"/desk/intake/requests/{req.reference}/letter/",
        "refuse": f"/desk/intake/refuse/{eve.reference}/",
        "authority": f"/desk/intake/authority/{eve.reference}/",
    }
    os.makedirs(OUT, exist_ok=True)
    with sync_playwright() as p:
        b = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for w in (1280, 390):
            c = b.new_context(viewport={"width": w, "height": 900})
            c.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            pg = c.new_page()
            for name, path in pages.items():
                r = pg.goto(live_server.url + path)
                print(name, w, r.status, pg.evaluate("document.documentElement.scrollWidth"))
                pg.screenshot(path=f"{OUT}/{name}-{w}.png", full_page=True)
        b.close()
