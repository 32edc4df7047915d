"""Numbers in sentences, by regular expressions."""

import re
from decimal import Decimal

from labels import is_money

NUMBER = r"(\d+(?:\.\d+)?)\s*(万?)([余多]?)(万?)"
# Between a label and its number.
GAP = r"[”\"'」』的共计为:数总达]{0,6}"
CASES = r"(?:件\(次\)|件次|件|起|宗|条|项|例|份)"
APPLY = r"(?:提交)?(?:方式)?(?:提出)?(?:的)?(?:政府信息公开)?(?:申请)?"


def after(label, unit=CASES):
    """The number after its label."""
    return re.compile(f"{label}{GAP}(约?){NUMBER}{unit}")


def before(label, lead, unit=CASES):
    """The number between a verb and its object."""
    return re.compile(f"{lead}{GAP}(约?){NUMBER}{unit}{label}")


PATTERNS = [
    ("proactive.total.fulltext", after("全文电子化的主动公开(?:政府)?信息")),
    ("proactive.total", after("(?<!累计)(?<!的)主动公开(?:的)?(?:政府)?信息", "条")),
    ("proactive.normative_disclosed", after("主动公开规范性文件")),
    ("proactive.normative_issued", after("制发规范性文件")),
    ("proactive.channel.gazette", after("政府公报(?:公开|刊登|发布)(?:政府)?(?:信息)?", "条")),
    ("proactive.channel.website", after("(?:政府|门户)?网站(?:公开|刊登|发布)(?:政府)?(?:信息)?", "条")),
    ("proactive.channel.weibo", after("(?:政务)?微博(?:公开|发布)(?:政府)?(?:信息)?", "条")),
    ("proactive.channel.wechat", after("(?<!微博)(?:政务)?微信(?:公开|发布)(?:政府)?(?:信息)?", "条")),
    ("proactive.channel.news_media", after("新闻媒体公开(?:政府)?信息", "条")),
    ("proactive.channel.notice_board", after("公开栏公开(?:政府)?信息", "条")),
    ("proactive.channel.screen", after("电子(?:显示)?屏公开(?:政府)?信息", "条")),
    ("proactive.channel.other", after("其他方式公开(?:政府)?信息", "条")),
    ("response.hot_topics", after("重大舆情", "次")),
    ("response.press.total", after("新闻发布会", "次")),
    ("response.interview.total", after("在线访谈", "次")),
    ("response.interpretation", after("政策解读稿件", "篇")),
    ("response.weibo_wechat", after("微博微信回应事件", "次")),
    ("requests.received.total", after("(?:收到|受理|接收)[^,。;\\d]{0,30}申请")),
    ("requests.received.total", before("(?:政府)?信息公开申请", "(?:收到|受理|接收)")),
    ("requests.received.total", after("收到依申请公开政府信息")),
    ("requests.received.channel.in_person", after(f"(?:当面|现场|来访){APPLY}")),
    ("requests.received.channel.fax", after(f"(?<!、)传真{APPLY}")),
    ("requests.received.channel.email", after(f"(?:电子邮件|邮件){APPLY}")),
    ("requests.received.channel.online", after(f"(?:网上|网络|在线|互联网){APPLY}")),
    ("requests.received.channel.letter", after(f"(?:信函|邮寄){APPLY}")),
    ("requests.received.channel.letter_fax", after("信函、传真申请")),
    ("requests.received.channel.other", after("其他(?:方式|形式)申请")),
    ("requests.carried_in", after("上年(?:度)?结转")),
    ("requests.carried_out", after("结转(?:下年度|下一年度|\\d{4}年度)(?:继续办理)?")),
    ("requests.carried_out", before("结转(?:下|\\d{4})", "[,;另有]")),
    ("requests.outcome.total", after("答复(?:申请)?")),
    ("requests.outcome.total", after("申请(?:作出|做出)答复")),
    ("requests.outcome.total", before("申请", "已答复")),
    ("requests.outcome.already_public", after("(?:属于)?已主动公开(?:范围)?")),
    ("requests.outcome.granted", after("(?<!不)(?:同意公开|予以公开)(?:答复)?")),
    ("requests.outcome.partial", after("(?:同意)?部分公开(?:答复)?")),
    ("requests.outcome.denied.total", after("(?:不同意公开|不予公开|否决公开)(?:答复)?")),
    ("requests.outcome.unable.total", after("无法提供")),
    ("requests.outcome.unprocessed.total", after("不予处理")),
    ("requests.outcome.other.total", after("其他处理")),
    ("requests.outcome.unable.not_exist", after("信息不存在")),
    ("requests.outcome.unable.not_own_agency", after("(?:不属于本(?:行政)?机关公开|非本机关政府信息|非本部门掌握)")),
    ("requests.outcome.unclear_supplement", after("(?:告知作出更改补充|申请内容不明确)")),
    ("requests.outcome.other_channel", after("告知(?:通过)?其他途径办理")),
    ("requests.outcome.other_type", after("(?:其他类型答复|其他情况|其他情形)")),
    ("review.total", after("行政复议(?:申请|案件)?")),
    ("litigation.total", after("行政诉讼(?:案件)?")),
    ("appeal.total", after("申诉(?:案件)?")),
    ("consult.total", after("(?:政府信息公开)?方面的咨询", "人次")),
    ("consult.on_site", after("(?:现场接待|现场咨询|当面咨询)", "人次")),
    ("consult.phone", after("(?:电话咨询|接听咨询电话)", "人次")),
    ("consult.online", after("(?:网上|网络)咨询", "人次")),
    ("consult.web_visits", after("(?:页面)?访问量", "人次")),
    ("fee.collected", after("收取[^,。;\\d]{0,24}费用", "元")),
    ("resource.reading_points", after("查阅点", "个")),
    ("resource.staff.total", after("从事政府信息公开工作的?人员", "人")),
    ("resource.staff.full_time", after("专职(?:工作)?人员", "[人名]")),
    ("resource.staff.part_time", after("兼职(?:工作)?人员", "[人名]")),
    ("resource.gazette_issues", after("编印政府公报", "期")),
    ("resource.gazette_copies", after("公报[^。]*发行", "份")),
    ("training.meetings", after("(?:工作会议|专题会议)", "次")),
    ("training.classes", after("培训班", "[期次场]")),
    ("training.attendees", after("接受培训(?:人员)?", "人次")),
]
# Cases on one side of "其中" belong to the total before it.
PARTS = [
    ("upheld", after("(?:维持具体行政行为|驳回原告诉讼请求|结果维持|维持)")),
    ("corrected", after("(?:依法纠错|被?纠错|结果纠正)")),
    ("other", after("(?:其他情形|其他结果)")),
]
CUMULATIVE = after("累计主动公开(?:政府)?信息", "条")
NEW_OF_YEAR = after("新增主动公开(?:政府)?信息", "条")
NONE = [
    ("requests.received.total", re.compile(r"(?:未|没有)(?:收到|接到)[^。;,\d]{0,25}申请|(?:没有|无)依申请")),
    ("review.total", re.compile(r"(?:未|没有|无)[^。;\d]{0,30}行政复议")),
    ("litigation.total", re.compile(r"(?:未|没有|无)[^。;\d]{0,40}行政诉讼")),
    ("appeal.total", re.compile(r"(?:未|没有|无)[^。;\d]{0,40}申诉")),
    ("fee.collected", re.compile(r"(?:未收费|未收取|没有收取|没有收费|没有发生[^。,]{0,12}收费)")),
    ("fee.waived", re.compile(r"(?:没有|未)(?:发生)?[^。,]{0,14}减免")),
]
THEME = re.compile(r"(?:^|[,;:、。])(?:\d{1,2}[.、])?([一-龥、]{2,14}?)信息(\d+)条")
THEMES = re.compile(r"(?:类别|公开的内容|按内容|其中|分类)[^。]*类信息\d+条[^。]*")


def prose_rows(text):
    for sentence in re.split(r"[。\n]", text):
        yield from numbers(sentence)
        yield from nothing(sentence)
        yield from themes(sentence)


def numbers(sentence):
    if found := CUMULATIVE.search(sentence):
        yield row("proactive.total", found, period="cumulative")
        if found := NEW_OF_YEAR.search(sentence):
            yield row("proactive.total", found)
    is_about_cases = re.search("复议|诉讼", sentence)
    for category, pattern in PATTERNS:
        if is_about_cases and category.startswith("requests.outcome"):
            continue
        if found := pattern.search(sentence):
            yield row(category, found)
    yield from parts(sentence)


def parts(sentence):
    for group, clause in re.findall("行政(复议|诉讼)(.*?)(?=行政诉讼|$)", sentence):
        for part, pattern in PARTS:
            if found := pattern.search(clause):
                yield row(f"{'review' if group == '复议' else 'litigation'}.{part}", found)


def nothing(sentence):
    for category, pattern in NONE:
        if found := pattern.search(sentence):
            yield {**empty(category, found[0]), "status": "in_words",
                   "amount_cny" if is_money(category) else "count": 0}


def themes(sentence):
    for part in THEMES.findall(sentence):
        for label, number in THEME.findall(part):
            name = label.removeprefix("涉及").removesuffix("类")
            yield {**empty("proactive.theme", number), "label": name, "count": int(number)}


def row(category, found, period="year"):
    about, digits, wan, more, wan_after = found.groups()
    number = Decimal(digits) * (10_000 if wan or wan_after else 1)
    status = "approximate" if about or more else "reported"
    whole = {**empty(category, found[0]), "period": period, "status": status}
    if is_money(category):
        return {**whole, "amount_cny": float(number)}
    return {**whole, "count": int(number)}


def empty(category, raw):
    return {"category": category, "label": None, "applicant": "all", "period": "year", "count": None,
            "amount_cny": None, "status": "reported", "method": "prose", "raw": raw}
