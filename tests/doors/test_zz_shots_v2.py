import datetime as dt, os
import pytest
from doors.desk_client import desk
from factories import cast as make
from factories.cast import assemble
from redress.access.roles import Role
from redress.casework import absence, acknowledgement, allocation, case_details, notes, people, tasks, intake, chasing, calendar, escalation
from redress.plumbing import moment
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
OUT="/tmp/v2shots"
@pytest.mark.django_db(transaction=True)
def test_shots(live_server, settings, monkeypatch):
    settings.REDRESS_DEMONSTRATION=True
    settings.PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]
    now=dt.datetime(2026,11,23,11,30,tzinfo=dt.UTC)
    monkeypatch.setattr(moment,"now",lambda: now)
    c=assemble()
    D=dt.date
    who=lambda n,t="",**k: intake.Who(new=intake.Details(name=n,title=t,email=n.split()[0].lower()+"@mail.example",**k))
    def log(day, person, matter, points, **k):
        t=make.at(day,9)
        return c.logged(at=t, person=person, received_at=t, received_on=day, matter=matter, points=points, **k)
    g=log(D(2026,11,10), who("Grace Okafor","Mrs",telephone="01632 960222",address="4 Mere Lane\nNorthmere\nNM1 1AA"), "assisted bin collections missed", ("The assisted collection was missed nine times between 2 September and 4 November 2026","Nobody rang back after three calls (14 September, 1 October, 22 October)","On 28 October the crew left the bin below the steps and Mrs Okafor fell"))
    people.add_adjustment(contact=g.complainant, kind="large-print", words_="letters at 18 point, by post and e-mail", review_on=None, by=c.actor(), at=make.at(D(2026,11,10)))
    people.add_adjustment(contact=g.complainant, kind="contact", words_="ring before 1pm, let it ring", review_on=None, by=c.actor(), at=make.at(D(2026,11,10)))
    c.acknowledged(g,on=D(2026,11,11)); c.allocated(g,on=D(2026,11,12))
    t=tasks.ask(case=g, service=c.waste, question="Round sheets and a crew statement, please.", points=list(g.points.all()[:2]), due_on=D(2026,11,18), by=c.actor(), at=make.at(D(2026,11,13)))
    tasks.answer(case=g, task=t, answer="The address fell off the round sheet on 1 September.", by=c.actor(Role.SERVICE_MANAGER), at=make.at(D(2026,11,20)))
    t2=tasks.ask(case=g, service=c.waste, question="Which crew was it on 28 October, and what do they say?\nPlease send the day sheet.", points=list(g.points.all()[2:]), due_on=D(2026,11,24), by=c.actor(), at=make.at(D(2026,11,20)))
    notes.write_note(case=g, kind="call-in", contact=g.complainant, on=D(2026,11,19), words="The steps are icy; asked about a rail. Passed to Housing.", next_action="Give a reason for point 3", by=c.actor(), at=make.at(D(2026,11,19)))
    e=c.eves(at=now)
    for day,name,matter in ((D(2026,10,20),"Colin Grainger","Damp and mould in both bedrooms"),(D(2026,11,3),"Rhys Morgan","Planning enforcement: no reply"),(D(2026,11,6),"Samuel Adeyemi","Council tax refund, wrong account"),(D(2026,11,17),"Kwame Boateng","Pothole claim, no inspection"),(D(2026,11,18),"Deborah Finch","Noise team did not attend")):
        x=log(day, who(name,"Mr"), matter, ("It was not done.",))
        c.acknowledged(x,on=day+dt.timedelta(days=1)); c.allocated(x,on=day+dt.timedelta(days=2))
    log(D(2026,11,19), who("Joan Pritchard","Mrs"), "Library closed without notice", ("It was closed.",))
    s2=c.at_stage_2(c.answered(c.allocated(c.acknowledged(log(D(2026,10,28), who("Halina Nowak","Mrs"), "Leak through the bathroom ceiling",("Water came through.","Appointments were missed.")),on=D(2026,10,29)),on=D(2026,10,30)),on=D(2026,11,10)),on=D(2026,11,18))
    absence.record(officer=c.ben, starts_on=D(2026,11,23), ends_on=D(2026,11,25), cover=c.asha, reason="leave", by=c.actor(Role.COMPLAINTS_MANAGER), at=now)
    c.northmere.closures_count=True; c.northmere.save()
    T=__import__("redress.access.actor",fromlist=["Actor"]).Actor.timetable()
    for d in chasing.to_be_told(D(2026,11,23), T):
        (chasing.tell_late(case=d.case,clock=d.clock,due_on=d.due_on,by=T,at=now) if d.when=="late" else chasing.remind(case=d.case,clock=d.clock,due_on=d.due_on,when=d.when,by=T,at=now))
    from playwright.sync_api import sync_playwright
    pages={"case":(c.asha,f"/desk/cases/{g.reference}/"),"case2":(c.carol,f"/desk/cases/{s2.reference}/"),"case-new":(c.asha,f"/desk/cases/{e.reference}/"),"work":(c.asha,"/desk/"),"team":(c.carol,"/desk/team/"),"ack":(c.asha,f"/desk/cases/{e.reference}/acknowledge/"),"alloc":(c.carol,f"/desk/cases/{g.reference}/allocate/"),"note":(c.asha,f"/desk/cases/{g.reference}/note/"),"ask":(c.asha,f"/desk/cases/{g.reference}/ask/"),"task":(c.officers[Role.SERVICE_MANAGER],f"/desk/cases/task/{t2.pk}/"),"owed":(c.officers[Role.SERVICE_MANAGER],"/desk/"),"details":(c.asha,f"/desk/cases/{g.reference}/details/"),"point":(c.asha,f"/desk/cases/{g.reference}/points/1/"),"dates":(c.asha,f"/desk/cases/{g.reference}/dates/{g.happenings.get(kind='received').pk}/"),"person":(c.asha,f"/desk/people/{g.complainant_id}/"),"absence":(c.carol,"/desk/settings/absence/"),"calendar":(c.carol,"/desk/settings/calendar/?on_day=24&on_month=11&on_year=2026&of=northmere&reason=Civic+Offices+closed"),"calendar0":(c.carol,"/desk/settings/calendar/"),"search":(c.asha,"/desk/search/?q=okafor"),"timeline":(c.asha,f"/desk/cases/{g.reference}/timeline/"),"allocated-away":(c.asha,f"/desk/cases/{g.reference}/link/")}
    only=os.environ.get("ONLY"); 
    if only: pages={k:v for k,v in pages.items() if k in only.split(",")}
    jar={}
    from journeys import axe
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox"])
        for w in (1280,390):
            for name,(o,path) in pages.items():
                if o.pk not in jar: jar[o.pk]=desk(o).cookies["sessionid"].value
                ctx=b.new_context(viewport={"width":w,"height":900})
                ctx.add_cookies([{"name":"sessionid","value":jar[o.pk],"url":live_server.url}])
                pg=ctx.new_page(); r=pg.goto(live_server.url+path)
                faults=""
                try: axe.check(pg)
                except AssertionError as x: faults=str(x)[:600]
                print(name,w,r.status,pg.evaluate("document.documentElement.scrollWidth"),faults)
                pg.screenshot(path=f"{OUT}/{name}-{w}.png",full_page=True); ctx.close()
        b.close()
