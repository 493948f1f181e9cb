"""The verbs of requests and of operations, as tables: what asks to read, what asks for a change, and which verbs mean the same. Pure."""


def names(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


# Verbs that ask for the same. A verb may stand in several groups; sharing one is enough.
GROUPS: tuple[frozenset[str], ...] = tuple(
    names(group)
    for group in (
        "create add make register generate insert new post enroll open build submit onboard establish write draft compose put upload import issue",
        "update change set edit modify rename replace patch adjust correct alter move switch save configure promote demote fix extend put mark dim",
        "delete remove erase destroy drop clear purge discard wipe drain unassign detach revoke terminate kick unlink uninstall",
        "send email message text notify forward post reply share invite dispatch write",
        "pay charge transfer wire deposit send refund",
        "buy purchase order book reserve",
        "assign grant give add set promote attach link put tag label",
        "enable activate unlock unblock unfreeze unmute reopen resume turn start restore switch",
        "disable deactivate lock block freeze suspend pause turn stop end archive ban mute switch",
        "start run execute trigger launch play restart reboot deploy sync",
        "cancel stop end close terminate kill revoke reject decline withdraw disconnect",
        "copy clone duplicate fork",
        "reset update change rotate renew replace",
        "comment note reply post",
        "apply request submit confirm approve accept acknowledge",
        "escalate raise update change",
        "apply redeem",
        "undo restore reset cancel",
        "install add deploy",
        "provision create",
        "follow subscribe join enroll register star like vote rate",
        "unfollow unsubscribe leave unstar",
        "reschedule postpone delay move rebook",
        "increase raise extend update change",
        "decrease lower reduce update change",
        "reassign assign update change",
        "upgrade downgrade update change",
        "record log add create",
        "design draw plot visualize generate create make",
        "combine merge join",
        "publish release deploy unarchive",
        "unpublish archive hide",
        *sorted(names("merge convert ship retry expire hire fire report sign connect sell trade schedule place log unpin pin")),
    )
)
# An operation with a general verb does what a special one asks for ("send a message": create a message), and not the other way round.
DONE_BY: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (
        names(
            "send email message text notify forward reply share invite book reserve schedule order buy purchase place comment note pay transfer",
            "charge refund log copy clone duplicate fork assign grant give attach tag label follow subscribe join star like vote rate report",
            "request apply sign start run hire",
        ),
        names("create add insert post submit register make put new"),
    ),
    (
        names(
            "lock unlock enable disable activate deactivate suspend block unblock archive unarchive open close approve reject accept cancel",
            "assign grant give add remove promote demote publish unpublish release reschedule resume pause end stop start reset renew expire",
            "ban mute pin unpin tag label complete rate",
        ),
        names("update change set edit modify patch replace put save configure"),
    ),
    (
        names("cancel end close stop kill leave unfollow unsubscribe unstar disconnect fire unpin reject decline withdraw ban"),
        names("delete remove destroy clear revoke"),
    ),
)
# Words for the same thing, in requests and in documents.
THINGS_ALIKE: tuple[frozenset[str], ...] = tuple(
    names(group)
    for group in (
        "meeting event appointment calendar", "user person people member employee", "task todo issue ticket", "film movie", "mail email message",
        "photo picture image", "bill invoice", "customer client crm", "chart plot graph", "song track music", "flat apartment house home",
        "purchase order", "booking reservation", "folder directory", "repo repository", "doc document file", "pic picture", "safe vault",
    )
)  # fmt: skip
CHANGING = frozenset[str]().union(*GROUPS) - names("hide request")
DELETING = names("delete remove erase destroy drop clear purge discard wipe uninstall")
# Also nouns, adjectives or parts of a question: they ask for something only where a verb stands.
AMBIGUOUS = names(
    "update change set edit order book post open move start stop end close play pause run share pay charge star text message email release log",
    "sign mark report rate vote comment note label tag link like sync transfer schedule reset import upload copy clone build new draft put",
    "place issue fix patch fork block lock switch fire hire ship ban trade wire deposit reply forward trigger purchase buy invite leave approve",
    "sell give execute expire pin clear correct save extend promote refund restore turn reserve convert insert duplicate cancel write compose",
    "generate make launch apply confirm drop",
)
# Verbs that name things as well: an operation on orders is asked for by the word "order".
THINGS = names(
    "order book post text message email report comment note label tag link schedule upload draft issue patch share log purchase trade deposit",
    "transfer charge play star block release reply vote build invite fork",
)
READ = names(
    "show list get find fetch display view see look search check count read describe summarise summarize compare explain retrieve browse print",
    "download identify determine calculate compute know tell query inspect review examine enumerate export estimate recommend suggest monitor",
    "verify validate lookup",
)
QUESTION = names("who what which when where whose whom why how")
STATIVE = names("is are was were does did has any there")
# What a POST may also be: an operation whose own name says that it reads.
READING = READ | names("preview filter evaluate predict analyze analyse detect translate simulate ping parse quote ask")

NEGATIONS = names("don't dont not never without cannot can't cant won't doesn't didn't isn't shouldn't avoid instead nobody nothing none neither nor")
# After "no": under no circumstances, on no account.
NO = names("one need reason circumstances circumstance case account event way condition conditions")
NOTHING = names("nothing nobody none neither")
# What somebody or something else says is no request of the customer's.
REPORTS = names("say says said state states stated claim claims claimed tells told asks asked writes wrote suggests recommends mentions demands")
READ_OUT = names("summarise summarize translate rephrase paraphrase proofread rewrite")
NEGATIONS_UNDONE = names("forget fail hesitate only")
DETERMINERS = names(
    "the a an last latest recent my your our their his its this that any all each every of new first no next which what some these those",
    "pending by for in on with per from at as previous current",
)
FILLERS = names(
    "please kindly just now also then and but so ok okay hey hi hello well yes no sure thanks first next finally afterwards quickly immediately",
    "can could would will you we i i'd i'll want need wish have to let's lets let us help me go ahead try trying be am i'm we'd we'll like must",
    "possibly should sure or after that additionally moreover furthermore therefore plus simply maybe perhaps proceed again actually only",
)
LEADS_TO = names(
    "want wants wanted need needs like love wish have has try trying going you please remember forget sure ask us me ahead begin start continue",
    "proceed time plan planning intend prefer ready hope able",
)
COMPOUNDS = names(
    "history status list log logs details detail info information count id ids number date time type name report overview summary stats of for",
)
PRONOUNS = names("it him her them those these that this one ones same his their its they again both")
