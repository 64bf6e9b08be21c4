"""What do invented people complain about, what was found, and how is it put right?

A bank of matters by service: each has its own points with both possible findings, so that no two letters read alike.
``{street}``, ``{day}`` and ``{month}`` are put in from the case. Everything here is invented.

Example: ``BANK[0].points[0].upheld`` is why the first point of the first matter was upheld.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class P:
    """A point: what is said, what should have happened, why it was upheld, what it meant, why it was not."""

    said: str
    should: str
    upheld: str
    meant: str
    not_upheld: str


@dataclass(frozen=True)
class Put:
    """How something is put right: the kind of remedy, its words, and pounds for a payment."""

    kind: str
    words: str
    pounds: int = 0


@dataclass(frozen=True)
class Matter:
    """One sort of complaint."""

    service: str
    category: str
    title: str
    wants: str
    points: tuple[P, ...]
    put_right: tuple[Put, ...]
    looked: str
    housing: bool = False
    effect: str = ""


SORRY = "We apologise to you for"
ALSO_SORRY = (SORRY + " not putting this right when you told us", SORRY + " how we dealt with you")
"""How one apologises on the points after the first."""

TO_BE_SEEN = frozenset(
    ("Waste and recycling", "Parks and trees", "Environmental health", "Highways and parking", "Planning",
     "Housing repairs", "Council housing")
)  # fmt: skip
"""Services whose work stands somewhere: an officer goes and looks."""

BANK: tuple[Matter, ...] = (
    Matter(
        "Waste and recycling",
        "Missed collection",
        "Recycling not collected in {street}",
        "Empty the bins, and tell me that it won’t go on like this.",
        (
            P(
                "The recycling was not collected on {day}, nor on the two collection days before it.",
                "Recycling in {street} should be collected every second week, and a missed one within two working days.",
                "The vehicle’s own record shows that it turned round at the road works on all three days. Nobody rebooked it.",
                "You kept six weeks of recycling in your hallway and took some of it to the tip yourself.",
                "The vehicle’s record and its camera show that your road was served on all three days, and that your bin was not out by 7am.",
            ),
            P(
                "I reported it online each time and got no answer.",
                "Each report should be answered within two working days.",
                "All three reports reached us and were closed as “collected” without anybody looking.",
                "You had to chase us, and were told something that was not true.",
                "We answered each report by e-mail on the day after, to the address that you gave.",
            ),
        ),
        (
            Put("apology", SORRY + " the missed collections"),
            Put("act", "We will collect anything that is left, and check your road for the next four collections"),
            Put("policy", "A report is closed only after the crew has confirmed the collection"),
        ),
        "I looked at the vehicle’s record for each day, the reports that you made and the crew’s sheets, and spoke to the supervisor.",
    ),
    Matter(
        "Waste and recycling",
        "Charged in error",
        "Charged twice for garden waste",
        "My money back, and the bin that I paid for.",
        (
            P(
                "I was charged twice for garden waste this year.",
                "A household pays once a year for each bin.",
                "Your renewal was taken by direct debit and again by card on the same day. Our system allows both.",
                "You were £48 short for four months.",
                "The second payment was for a second bin, which was ordered online from your account in {month}.",
            ),
            P(
                "The brown bin that was promised has never come.",
                "A bin should come within 15 working days of being ordered.",
                "The order was made and sent to the wrong depot, where it stayed.",
                "You paid for a service that you could not use all summer.",
                "The contractor’s photograph shows the bin at your gate on {day}. We think that it was taken, and have sent another.",
            ),
        ),
        (
            Put("apology", SORRY + " charging you twice"),
            Put("payment", "We will pay back the second charge", 48),
            Put("act", "We will deliver the brown bin"),
        ),
        "I compared your bank’s statement with our payments, and asked the depot for its record of deliveries.",
    ),
    Matter(
        "Waste and recycling",
        "Conduct of staff",
        "Shouted at by a member of staff at the tip",
        "An apology from the man himself, and training for him.",
        (
            P(
                "A member of staff at the recycling centre shouted at me in front of my children on {day}.",
                "Visitors should be spoken to politely, even where they have to be refused.",
                "Two other visitors wrote to us about the same afternoon, and the camera shows what you describe.",
                "You were humiliated in front of your children.",
                "The camera has no sound, and those who were there remember it differently. I can’t say that it happened as you describe.",
            ),
            P(
                "He would not give me his name when I asked.",
                "Everybody who works there gives a name or a number when asked.",
                "He told us that he refused, and that he did not know the rule.",
                "You could not say about whom you were complaining.",
                "He wore his badge that day, as the photograph of the gate shows.",
            ),
        ),
        (
            Put("apology", SORRY + " how you were spoken to"),
            Put("policy", "Everybody at the centre is trained again in how to refuse a load politely"),
        ),
        "I looked at the camera’s pictures of that afternoon and spoke to the two people who were on duty.",
    ),
    Matter(
        "Waste and recycling",
        "Assisted collection",
        "Bins left across the pavement despite assisted collection",
        "Put the bins back where they came from, every time.",
        (
            P(
                "I have an assisted collection, and the crew leaves my bins across the pavement.",
                "The crew fetches the bins from beside the house and puts them back there.",
                "Your address had dropped off the list when the rounds were changed in {month}.",
                "You can’t move the bins yourself and could not get out of your gate on five mornings.",
                "The crew’s photographs of the last eight collections show the bins back beside the house.",
            ),
            P(
                "I was told three times that it was sorted out.",
                "What we say should be true.",
                "Three calls were noted and none was passed on to the round.",
                "You were let down three times over.",
                "Each time the list was right by the next collection, as its history shows.",
            ),
        ),
        (
            Put("apology", SORRY + " the collections that went wrong"),
            Put("record", "Your address is on the assisted list again, with a note for every crew"),
        ),
        "I looked at the list of assisted collections and its history, and at your three calls.",
        effect="I walk with a frame and can’t move the bins.",
    ),
    Matter(
        "Planning",
        "Decision on an application",
        "Not told about the extension next door",
        "Look at the application again with my objections.",
        (
            P(
                "I was never told about the application at the house next door.",
                "Whoever shares a boundary is written to.",
                "The letter was addressed to a house number that does not exist, because of a wrong entry in our map.",
                "You lost the chance to object.",
                "A letter was sent to you on {day} and a notice was put on the lamp post outside, of which we have the photograph.",
            ),
            P(
                "The officer’s report says that no window is overlooked, which is wrong.",
                "The report should describe what an officer saw on the site.",
                "The officer looked from the street only. From your garden two bedroom windows are plainly overlooked.",
                "You feel that nobody looked.",
                "The officer stood in your neighbour’s garden, and his photographs show what the report says.",
            ),
            P(
                "Nobody answered my letters about it.",
                "A letter is answered within 10 working days.",
                "Two letters were filed with the application and never answered.",
                "You waited seven weeks for nothing.",
                "We answered both, on {day} and a week later; I enclose copies.",
            ),
        ),
        (
            Put("apology", SORRY + " not telling you about the application"),
            Put("payment", "For your time and trouble we will pay you", 150),
            Put("policy", "Addresses are checked against the register before letters about applications go out"),
        ),
        "I read the whole file of the application, visited {street}, and spoke to the officer and the team’s manager.",
    ),
    Matter(
        "Planning",
        "Enforcement",
        "Nothing done about the yard behind {street}",
        "Make him stop working on Sundays.",
        (
            P(
                "I reported the lorry yard in spring and nothing has happened.",
                "A report is looked at within 20 working days, and whoever made it is told the outcome.",
                "The file was opened and given to an officer who left in the same week.",
                "You have had lorries under your window for seven months without knowing whether anybody was looking.",
                "An officer visited twice and found that the yard has had permission since 1987. We wrote to you about it.",
            ),
            P(
                "The officer told the owner that it was I who had complained.",
                "Nobody is told who made a report.",
                "The officer’s letter to the owner quotes your words and your house number.",
                "Your neighbour has not spoken to you since.",
                "There is no letter or note in which you are named. The owner says that he guessed.",
            ),
        ),
        (
            Put("apology", SORRY + " the delay, and for giving your number away"),
            Put("act", "An officer visits the yard on a Sunday and writes to you about what was found"),
            Put("policy", "Letters to owners are read by a second officer before they go"),
        ),
        "I read the enforcement file, and spoke to the team’s manager and to the officer who has it now.",
    ),
    Matter(
        "Housing repairs",
        "Delay in repairs",
        "No hot water for eleven days at {street}",
        "Repair the boiler properly, and something for what it cost us.",
        (
            P(
                "The boiler failed on {day} and was not repaired for eleven days.",
                "Heating and hot water are restored within 24 hours, or heaters are brought.",
                "Two appointments were missed because the part had not been ordered. No heaters were offered.",
                "You and two small children were without hot water for eleven days.",
                "An engineer came the same evening and restored it. It failed again on the ninth day, for another reason.",
            ),
            P(
                "I took two days off work for appointments that nobody kept.",
                "An appointment that can’t be kept is cancelled the day before.",
                "Both were cancelled in our system and nobody told you.",
                "You lost two days’ pay.",
                "The engineer’s telephone shows that he rang at your door on both days and left a card.",
            ),
            P(
                "The contractor was rude when I rang.",
                "Callers are treated with courtesy.",
                "I listened to the call. You were interrupted and cut off.",
                "You were made to feel that you were a nuisance.",
                "I listened to all four calls and found them brisk, but not rude.",
            ),
        ),
        (
            Put("apology", SORRY + " the time that you were without hot water"),
            Put("payment", "For the loss of the hot water and the two missed appointments we will pay you", 240),
            Put("act", "A gas engineer checks the whole system"),
        ),
        "I read the repair’s history, listened to your four calls and asked the contractor for its record of visits.",
        housing=True,
        effect="My youngest is eight months old.",
    ),
    Matter(
        "Housing repairs",
        "Damp and mould",
        "Damp and mould in the bedroom at {street}",
        "Find where the water comes from and put it right.",
        (
            P(
                "I have reported the mould in the back bedroom four times since last winter.",
                "Damp that may harm somebody is inspected within 10 working days.",
                "Four reports were made; an inspection was booked after the fourth.",
                "Your son slept in the living room for five months.",
                "A surveyor came after each report, treated it, and wrote to you about what was found.",
            ),
            P(
                "Somebody painted over it instead of finding the cause.",
                "The cause is found before anything is painted.",
                "The order says “stain block and paint”. Nobody measured how wet the wall was.",
                "The mould came back within a month.",
                "The gutter was repaired first; the wall was dry when it was painted, as the measurements show.",
            ),
        ),
        (
            Put("apology", SORRY + " the months that you lived with the damp"),
            Put("act", "A surveyor inspects the wall and the roof, and the work that is found is done"),
            Put("payment", "For the room that you could not use we will pay you", 400),
        ),
        "I read all four reports and the orders that followed, and visited your home with a surveyor.",
        housing=True,
        effect="My son has asthma.",
    ),
    Matter(
        "Housing repairs",
        "Quality of work",
        "Kitchen left unfinished after the new units",
        "Finish the job.",
        (
            P(
                "The new kitchen was left with a hole in the wall and no skirting.",
                "Work is finished and inspected before it is signed off.",
                "It was signed off from a photograph that does not show that wall.",
                "You have lived with it for nine weeks.",
                "The inspection was made in your presence, and the hole was made afterwards by the telephone engineer.",
            ),
            P(
                "The tiles don’t match those that I chose.",
                "The tenant’s choice is fitted.",
                "The ones you chose had been discontinued and nobody asked you.",
                "You have a kitchen that you did not choose.",
                "The form that you signed names the tiles that were fitted.",
            ),
        ),
        (
            Put("apology", SORRY + " the state in which your kitchen was left"),
            Put("act", "The wall, the skirting and the tiles are made good, on days that suit you"),
        ),
        "I visited your kitchen with the surveyor and compared the work with the order.",
        housing=True,
    ),
    Matter(
        "Council housing",
        "Neighbours and nuisance",
        "Nothing done about noise above my flat",
        "Move her, or make her stop.",
        (
            P(
                "I have kept the noise diary for three months and nobody has looked at it.",
                "A diary is read within 10 working days, and a plan agreed.",
                "The diary was scanned and put on the file of another flat.",
                "You have not slept properly since the summer.",
                "We went through your diary with you on {day}, and agreed a plan that you signed.",
            ),
            P(
                "The housing officer never rings back.",
                "Calls are returned within two working days.",
                "Nine messages were taken. Two were answered.",
                "You gave up ringing.",
                "The record shows that your calls were returned, mostly on the same day.",
            ),
        ),
        (
            Put("apology", SORRY + " losing your diary"),
            Put("act", "A different officer takes the case on and agrees a plan with you"),
            Put("record", "The diary is put on the right file"),
        ),
        "I read both files and spoke to the housing officer and the manager of the neighbourhood team.",
        housing=True,
    ),
    Matter(
        "Council housing",
        "Lettings",
        "Skipped on the housing list after a wrong date",
        "Put me back where I was on the list.",
        (
            P(
                "My application was given a new date when I moved, and I lost four years.",
                "The date of the first application stands when the household is the same.",
                "The form was entered as a new application instead of as a change.",
                "You were not considered for two homes that you would have been offered.",
                "The household is not the same: your mother’s application was closed in {month} and yours is new.",
            ),
            P(
                "Nobody explained the bands to me.",
                "The letter about the band says why, and how to ask for a review.",
                "The letter that you got is an old one, without either.",
                "You did not know that you could ask for a review.",
                "The letter of {day} explains the band on its first page and how to ask for a review on its second.",
            ),
        ),
        (
            Put("apology", SORRY + " getting the date of your application wrong"),
            Put("record", "Your application has its first date again"),
            Put("reconsider", "Your band is looked at again by an officer who has not seen it before"),
        ),
        "I compared both applications and the rules of the housing list that held on each day.",
        housing=True,
    ),
    Matter(
        "Council housing",
        "Service charges",
        "Charged for a lift that has not worked",
        "Take the charge off.",
        (
            P(
                "I pay for a lift that has been out of order since {month}.",
                "What does not work is repaired, or not charged.",
                "The lift was out of order for 61 days. The charge was not adjusted.",
                "You paid for something that you could not use.",
                "The engineer’s log shows nine days out of order in the year, which is within what the charge allows for.",
            ),
            P(
                "The statement can’t be understood.",
                "A statement shows what each sum is for.",
                "It gives one sum for “communal”, which is five different things.",
                "You could not check what you paid.",
                "The statement lists each sum with its reason, and the summary of rights is printed on its back.",
            ),
        ),
        (
            Put("apology", SORRY + " charging you too much, and for a statement that explained nothing"),
            Put("payment", "We will pay back the share of the charge for 61 days", 37),
            Put("explain", "You get a statement that shows each sum"),
        ),
        "I read the lift’s log and worked the charge out again with the finance team.",
        housing=True,
    ),
    Matter(
        "Council tax",
        "Enforcement and bailiffs",
        "Bailiff at the door after I had paid",
        "Call them off, and take the costs away.",
        (
            P(
                "A bailiff came on {day}, although I had paid in full twelve days before.",
                "Once a debt is paid, the enforcement agents are told the same day.",
                "The payment was put on an older account with the same name.",
                "Your children saw it and were frightened.",
                "The payment reached us in the afternoon of the day on which the agent came.",
            ),
            P(
                "I was told that the costs stand anyway.",
                "Costs that come from our own mistake are taken off.",
                "They were added after the debt was paid and should not have been.",
                "You were asked for £310 that you did not owe.",
                "The costs arose from the first visit, before you paid, and stand.",
            ),
        ),
        (
            Put("apology", SORRY + " sending an agent after you had paid"),
            Put("reconsider", "The costs are taken off your account"),
            Put("policy", "Payments are matched by reference before an agent is sent"),
        ),
        "I followed the payment through our accounts, and asked the enforcement agents for their record.",
    ),
    Matter(
        "Council tax",
        "Discount or exemption",
        "Single person discount stopped without a word",
        "Put the discount back.",
        (
            P(
                "My discount was stopped and I only learnt of it from the bill.",
                "Nobody loses a discount before they have been asked.",
                "The letter that asks was sent to your former address.",
                "You were billed for £364 that you did not owe.",
                "We wrote to you twice and had no answer; the second letter was signed for.",
            ),
            P(
                "I waited 50 minutes on the telephone and was cut off.",
                "Most calls are answered within five minutes.",
                "The record shows 52 minutes and the end of the call on our side.",
                "You lost a lunch hour and got no answer.",
                "The record shows a wait of nine minutes and a call of six.",
            ),
        ),
        (
            Put("apology", SORRY + " stopping your discount without asking you"),
            Put("record", "Your discount is back from the day on which it was stopped"),
        ),
        "I looked at your account, the letters and the record of your call.",
    ),
    Matter(
        "Benefits",
        "Delay",
        "Ten weeks without a decision on housing benefit",
        "A decision.",
        (
            P(
                "I applied ten weeks ago and there is no decision.",
                "A decision is made within 14 days of having what is needed.",
                "All that was needed was there after a week. The claim then waited for nine weeks.",
                "Your landlord threatened you with eviction.",
                "We asked for your payslips four times; the last came on {day}, and the decision two days later.",
            ),
            P(
                "I was asked for the same papers three times.",
                "Papers that we have are not asked for again.",
                "They were scanned to the wrong claim, twice.",
                "You paid for copying and postage three times.",
                "The papers asked for each time were for different months.",
            ),
        ),
        (
            Put("apology", SORRY + " the delay"),
            Put("act", "Your claim is decided and paid from the day on which you applied"),
            Put("payment", "For your costs and trouble we will pay you", 75),
        ),
        "I read the whole claim and the register of scanned papers.",
        effect="I am behind with my rent because of this.",
    ),
    Matter(
        "Highways and parking",
        "Parking fine",
        "Fined while the machine was out of order",
        "Cancel the fine.",
        (
            P(
                "The machine in {street} did not work and I was fined all the same.",
                "Nobody is fined while the machine is known not to work.",
                "The machine sent us its fault two hours before. The wardens were not told.",
                "You had to write to us three times about something that was not your mistake.",
                "The machine sold eleven tickets in the hour in which you parked.",
            ),
            P(
                "My first letter about it was never answered.",
                "A challenge is answered within 14 days.",
                "The letter was opened after six weeks.",
                "The fine doubled meanwhile.",
                "We answered on {day}; the letter came back to us from your former address.",
            ),
        ),
        (
            Put("apology", SORRY + " a fine that you did not owe"),
            Put("reconsider", "The fine is cancelled"),
            Put("policy", "A fault of a machine is sent to the wardens at once"),
        ),
        "I looked at the machine’s own log, the warden’s photographs and the letters.",
    ),
    Matter(
        "Highways and parking",
        "Condition of roads",
        "Fell over a broken paving stone in {street}",
        "Repair it before somebody breaks a hip.",
        (
            P(
                "The broken stone was reported in spring and is still there.",
                "A stone that stands up by more than 25 mm is made safe within five working days.",
                "It was inspected and measured at 32 mm. The order was never given.",
                "You fell on {day} and hurt your wrist.",
                "It was inspected after each report and measured at 12 mm, which is below what is repaired at once.",
            ),
            P(
                "Your inspector told me to look where I walk.",
                "People who report a danger are thanked.",
                "Two people heard it, and the inspector does not deny it.",
                "You were blamed for what we had left undone.",
                "The inspector denies it, and nobody else was there. I can’t say which of you is right.",
            ),
        ),
        (
            Put("apology", SORRY + " the state of the pavement and for what was said"),
            Put("act", "The stones between numbers 4 and 18 are relaid"),
        ),
        "I read the inspections of the street and spoke to the inspector.",
        effect="I am 81 and live alone.",
    ),
    Matter(
        "Parks and trees",
        "Trees",
        "The lime tree outside number 40, for the third year",
        "Cut it back so that I have light and no sticky car.",
        (
            P(
                "The tree was to be cut back last winter and was not.",
                "Work that we promised is done, or we say why not.",
                "It was on the list and taken off when the contractor changed.",
                "You waited a year for what you had been told in writing.",
                "The letter says that it would be inspected, which it was on {day}. It is healthy and was left.",
            ),
            P(
                "The roots have lifted my path.",
                "Roots that do damage are looked at by our insurers.",
                "Your claim was never passed on.",
                "You paid a builder yourself.",
                "The surveyor found that the path was lifted by the frost: there is no root beneath it.",
            ),
        ),
        (
            Put("apology", SORRY + " not doing the work that we had promised"),
            Put("act", "The tree is cut back by a third this winter"),
        ),
        "I read the tree’s record and visited {street} with the tree officer.",
    ),
    Matter(
        "Parks and trees",
        "Playgrounds",
        "Dog bins overflowing at the play area",
        "Empty them more often than once a month.",
        (
            P(
                "The bins beside the play area have overflowed since the spring.",
                "They are emptied twice a week between April and October.",
                "The new round left the play area out.",
                "You could not take your grandchildren there.",
                "The round’s record shows two collections in each week. On {day} it was filled by an event that had not been booked.",
            ),
        ),
        (
            Put("apology", SORRY + " the state of the play area"),
            Put("act", "The bins are emptied twice a week, and a third one is put up"),
        ),
        "I looked at the record of the round and visited on two mornings.",
    ),
    Matter(
        "Environmental health",
        "Noise",
        "Bass from the pub every Friday night",
        "Quiet after eleven.",
        (
            P(
                "I have asked for measurements since the spring.",
                "A measurement is offered within 15 working days.",
                "The instrument was being repaired and no other was borrowed.",
                "You have not slept on a Friday since.",
                "An officer measured on three Fridays and found nothing above the limit. You were sent the results.",
            ),
            P(
                "The officer said that I should have known when I bought the house.",
                "Everybody who asks for help is taken seriously.",
                "The officer wrote it in an e-mail, which you sent us.",
                "You felt laughed at.",
                "I listened to the call and nothing of the kind was said.",
            ),
        ),
        (
            Put("apology", SORRY + " the wait and for what was said"),
            Put("act", "The noise is measured on three Fridays, from your bedroom"),
        ),
        "I read the file and the e-mails, and spoke to the officer’s manager.",
    ),
    Matter(
        "Customer services",
        "Waiting and being passed on",
        "Passed from one department to another",
        "One person who knows.",
        (
            P(
                "I rang five times and spoke to nine people, none of whom could help.",
                "Whoever takes a question keeps it until it is answered.",
                "Your five calls were noted under three different numbers.",
                "You explained yourself nine times.",
                "You asked five different questions, and each was answered in the call in which it was asked.",
            ),
            P(
                "I was told that somebody would ring back by Friday, and nobody did.",
                "A promise to ring back is kept.",
                "The note was made and given to nobody.",
                "You stayed at home on Friday for nothing.",
                "We rang twice on that Friday; the number that we have ends in 17. You have told us since that it ends in 71.",
            ),
        ),
        (
            Put("apology", SORRY + " passing you from one team to another"),
            Put("explain", "One named team answers all your questions in one letter"),
        ),
        "I listened to your calls and read the notes of each.",
    ),
    Matter(
        "Electoral services",
        "Voting",
        "Postal vote came the day after the election",
        "My vote counts. It should not happen again.",
        (
            P(
                "My postal vote came after the day on which it had to be back.",
                "Postal votes are sent at least eleven days before.",
                "A batch of 214 was held back by the printer for two days, and the post did the rest.",
                "You could not vote, for the first time since you were 21.",
                "It was posted on {day}, eleven days before. We can’t say where the post kept it.",
            ),
        ),
        (
            Put("apology", SORRY + " the vote that you could not cast"),
            Put("policy", "The printer reports each batch, and late ones go by special delivery"),
        ),
        "I spoke to the electoral services manager and read the printer’s own report.",
    ),
    Matter(
        "Licensing",
        "Delay",
        "Taxi licence renewal took nine weeks",
        "Pay what I lost.",
        (
            P(
                "My renewal took nine weeks although I sent all that was asked for.",
                "A complete renewal takes three weeks.",
                "It waited five weeks for a check that had come back clean on the second day.",
                "You could not work for twelve days.",
                "The medical form was missing until {day}, of which we told you on the fourth day.",
            ),
            P(
                "Nobody told me that I could have a temporary one.",
                "The letter says so.",
                "The letter is an old one and says nothing.",
                "You lost work that you need not have lost.",
                "It stands in bold type in the letter of {day}.",
            ),
        ),
        (
            Put("apology", SORRY + " the delay"),
            Put("payment", "For the days that you could not work we will pay you", 360),
        ),
        "I followed the renewal day by day, and worked out with you what you would have earned.",
        effect="Driving is my only income.",
    ),
    Matter(
        "Leisure and libraries",
        "Facilities",
        "Hoist at the pool out of order for months",
        "Repair it, or tell people before they come.",
        (
            P(
                "The hoist at the pool has been out of order since {month}.",
                "What disabled people need to use the pool is repaired within five working days.",
                "The part was ordered twice from a firm that no longer makes it.",
                "You could not swim, which is the only exercise that you can take.",
                "It was out of order for three days in all, and repaired twice.",
            ),
            P(
                "The website said that it worked.",
                "The website shows what works on the day.",
                "Nobody has changed the page since it was made.",
                "You travelled an hour with a helper for nothing.",
                "The page showed the fault on both days, as its history proves.",
            ),
        ),
        (
            Put("apology", SORRY + " the broken hoist and the wasted journey"),
            Put("act", "A new hoist is fitted"),
            Put("policy", "The duty manager brings the page up to date each morning"),
        ),
        "I spoke to the operator of the pool, read its fault book and the history of the page.",
        effect="I use a wheelchair.",
    ),
    Matter(
        "Registrars",
        "Mistake in a record",
        "Wrong name on my mother’s death certificate",
        "A correct certificate without paying again.",
        (
            P(
                "My mother’s second name is spelt wrongly on the certificate.",
                "The entry is read back, and signed when it is right.",
                "It was right on the screen and wrong in the print: the printer’s font lacks the letter.",
                "The bank refused the certificate three times in the weeks after her death.",
                "The entry is spelt as it was signed; a correction needs the form that we have sent you.",
            ),
            P(
                "I was asked to pay for the correction.",
                "Our own mistakes are corrected without charge.",
                "You were charged £83 by a colleague who had not been told.",
                "You were asked for money at the worst of times.",
                "Nothing was charged: the £12.50 was for the additional copies that you ordered.",
            ),
        ),
        (
            Put("apology", SORRY + " the mistake on your mother’s certificate"),
            Put("record", "A correct certificate and five copies come to you by courier"),
            Put("payment", "We will pay back what you were charged", 83),
        ),
        "I compared the entry, the screen and the print, and spoke to the registrar.",
    ),
    Matter(
        "Homelessness",
        "Accommodation",
        "Placed twenty miles from my children’s school",
        "Somewhere near the school.",
        (
            P(
                "We were placed twenty miles from the school without being asked.",
                "Where a family is placed far away, the reasons are given and the school is thought of.",
                "There is no note that the school was thought of at all.",
                "Your daughters got up at five for seven weeks.",
                "Three places that were nearer were offered and refused, with the reasons that you gave.",
            ),
            P(
                "The room had mice.",
                "A place is inspected before anybody is sent there.",
                "The last inspection was two years ago.",
                "You could not leave food out and threw some of it away.",
                "It was inspected in the week before, and again on the day after you rang. Nothing was found.",
            ),
        ),
        (
            Put("apology", SORRY + " where you were placed, and the state of the room"),
            Put("act", "You are offered a place within five miles of the school"),
            Put("payment", "For the fares to school we will pay you", 190),
        ),
        "I read the file, and spoke to the team and to the owner of the house.",
        housing=False,
        effect="My elder daughter has her examinations this year.",
    ),
)

COMPLIMENTS: tuple[tuple[str, str], ...] = (
    (
        "Thank you to the crew on {street}",
        "Two of your men stopped to help my wife when she fell on {day}. I would like them to know that she is well.",
    ),
    (
        "The library in {month}",
        "The lady at the desk spent an hour showing my father how to see his grandchildren on the screen. Please thank her.",
    ),
    (
        "A planning officer who explains",
        "I did not get what I wanted, but for the first time somebody explained why. Thank you.",
    ),
    ("Flowers in {street}", "The beds look wonderful this year. I thought somebody ought to say so."),
)

COMMENTS: tuple[tuple[str, str], ...] = (
    (
        "More benches in {street}",
        "There is nowhere to sit between the bus stop and the surgery. A bench would help many of us.",
    ),
    ("The recycling leaflet", "The leaflet is printed on paper that can’t be recycled. You may want to know."),
    ("Opening hours of the tip", "Could the tip open until seven on one evening, for people who work?"),
)

REQUESTS: tuple[tuple[str, str, str], ...] = (
    (
        "Waste and recycling",
        "Bin missed once in {street}",
        "My bin was missed on {day}. Please empty it; I do not want to make anything of it.",
    ),
    (
        "Highways and parking",
        "Street lamp out in {street}",
        "The lamp outside number 12 has been out since {day}. Please mend it.",
    ),
    ("Parks and trees", "Branch over the path in {street}", "A branch hangs over the path. Somebody will lose an eye."),
    ("Housing repairs", "Dripping tap at {street}", "The kitchen tap drips. It is not urgent."),
)

STREETS = (
    "Alder Close", "Mill Lane", "Fell Court", "Church Walk", "Quarry Road", "Station Approach", "Hawthorn Avenue",
    "Market Street", "Priory Gardens", "Tannery Row", "Beck Side", "Larkspur Drive", "Union Street", "Canal Bank",
    "Windmill Hill", "Orchard Way", "Ferry Road", "Victoria Terrace", "Chapel Fold", "Moorside",
)  # fmt: skip

DISPUTES = (
    "The answer does not deal with what I said about the telephone calls, and nobody asked my neighbour, who saw it.",
    "You took the contractor’s word against mine. I sent you photographs with dates on them.",
    "An apology is all very well, but nothing has changed: it happened again last week.",
    "I do not accept that I was told. Nothing came, and I check my post every day.",
    "The payment does not cover what it cost me, and you know it.",
)

STILL = (
    "I looked at it again from the beginning, with your photographs, and spoke to people who had not been asked before.",
    "I read all that was looked at in Stage 1 and asked for what was missing there.",
)
