import datetime as dt, os, sys
from decimal import Decimal
import pytest
from django.urls import path, reverse, clear_url_caches, NoReverseMatch
from django.http import HttpResponse
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
from factories import answers as make
from factories.intake import office
from redress.access.roles import Role
from redress.plumbing import moment
from redress.people.models import Adjustment, Contact
from redress.casework import response, correspondence, letters, delivery
pytestmark = pytest.mark.django_db(transaction=True)

def test_shots(live_server, monkeypatch, settings):
    settings.REDRESS_DEMONSTRATION=True
    settings.ALLOWED_HOSTS=["*"]
    monkeypatch.setattr(moment,"now",lambda: make.at())
    import redress.desk.urls as u
    for n in ("settings","trail"):
        try: reverse("desk:"+n)
        except NoReverseMatch: u.urlpatterns.append(path(n+"-x/", lambda r: HttpResponse("x"), name=n))
    clear_url_caches()
    of = office()
    case = make.acknowledged(of)
    Contact.objects.filter(pk=case.complainant_id).update(address="1 High Street\nNorthmere")
    Adjustment.objects.create(council=of.council, contact=case.complainant, kind="large-print", text="letters at 18 point", added_at=make.at(), added_by="x")
    paid = make.remedy(of, kind="payment", text="We pay for the trouble", amount=Decimal("150.00"), cost_centre="W100")
    ans = make.answers_of(of, remedies=[make.remedy(of), paid])
    ans[1] = response.AnswerInput(point=2, decision="partly-upheld", reason="Unfortunately the crew, which was short of people that week and had been given a new list on which your address was not marked as assisted, could not come to you. We are sorry if you felt ignored. BLW had no record.")
    make.answered(of, case, answers=ans)
    case2 = make.acknowledged(of)
    written2 = make.answered(of, case2, words=make.words(adjustments_considered="Letters at 18 point were sent."))
    case3 = make.gone(of, make.acknowledged(of)) if False else None
    check = make.with_checker(of, written2)
    by = of.actor(Role.OFFICER)
    c = make.logged(of); c.complainant.address="2 Low Street\nNorthmere"; c.complainant.save()
    from redress.cases.models import Case
    c = Case.objects.get(pk=c.pk)
    d = correspondence.compose(case=c,to=c.complainant,kind="other",subject="Your bins",words="The crew comes.",today=make.TODAY,by=by,channel="post")
    correspondence.write(case=c,draft=d,pressed=letters.press(case=c,draft=d,on=make.TODAY),by=by,at=make.at())
    d = correspondence.compose(case=c,to=c.complainant,kind="other",subject="Your bins again",words="The crew comes.",today=make.TODAY,by=by,channel="email")
    l = correspondence.write(case=c,draft=d,pressed=letters.press(case=c,draft=d,on=make.TODAY),by=by,at=make.at())
    delivery.begin_dispatch(case=c,letter=l,by=make.CARRIER,at=make.at())
    delivery.record_unclear(case=c,letter=l,why="The line to the mail server broke.",by=make.CARRIER,at=make.at())
    case4 = make.logged(of)
    from redress.learning.models import Remedy
    from django.test import Client
    def cookie(role):
        cl=Client(); cl.force_login(of.officers[role], backend="allauth.account.auth_backends.AuthenticationBackend"); return cl.cookies["sessionid" if "sessionid" in cl.cookies else list(cl.cookies)[0]]
    from playwright.sync_api import sync_playwright
    shots=[(Role.OFFICER,"response",[case.reference,1]),(Role.COMPLAINTS_MANAGER,"check",[check.pk]),(Role.COMPLAINTS_MANAGER,"checks",[]),
      (Role.OFFICER,"extend",[case.reference]),(Role.OFFICER,"write",[case.reference]),(Role.OFFICER,"post",[]),(Role.OFFICER,"close",[case.reference]),
      (Role.OFFICER,"escalate",[case.reference]),(Role.COMPLAINTS_MANAGER,"templates",[]),(Role.COMPLAINTS_MANAGER,"template",["northmere","extension"]),(Role.OFFICER,"letter-settle",[l.pk]),(Role.OFFICER,"promises",[])]
    only=os.environ.get("ONLY","").split(",") if os.environ.get("ONLY") else None
    axe=open("/work/main/tests/vendor/axe.min.js").read()
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox"])
        for width in (1280,390):
            for role,name,args in shots:
                if only and name not in only: continue
                ck=cookie(role)
                ctx=b.new_context(viewport={"width":width,"height":900}, bypass_csp=True)
                ctx.add_cookies([{"name":ck.key,"value":ck.value,"url":live_server.url}])
                pg=ctx.new_page()
                r=pg.goto(live_server.url+reverse("desk:"+name,args=args))
                pg.screenshot(path=f"/tmp/v3shots/{name}-{width}.png",full_page=True)
                over=pg.evaluate("document.documentElement.scrollWidth")
                pg.evaluate(axe)
                res=pg.evaluate("axe.run({runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']})")
                print(name,width,r.status,"scroll",over,[ (v["id"],v["nodes"][0]["html"][:160]) for v in res["violations"]])
                ctx.close()
        b.close()
