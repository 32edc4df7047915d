"""Printed labels and the categories they stand for: the forms of 2019 and 2021, the national table of 2014, and the
tables that provinces used before."""

import difflib
import re
from functools import lru_cache

from page import fold

RECEIVED, OUTCOME, CHANNEL = "requests.received", "requests.outcome", "proactive.channel"

MATRIX = {
    "本年新收政府信息公开申请": f"{RECEIVED}.total",
    "上年结转政府信息公开申请": "requests.carried_in",
    "予以公开": f"{OUTCOME}.granted",
    "部分公开": f"{OUTCOME}.partial",
    "属于国家秘密": f"{OUTCOME}.denied.state_secret",
    "其他法律行政法规禁止公开": f"{OUTCOME}.denied.law_forbidden",
    "危及三安全一稳定": f"{OUTCOME}.denied.security_stability",
    "保护第三方合法权益": f"{OUTCOME}.denied.third_party",
    "属于三类内部事务信息": f"{OUTCOME}.denied.internal_affairs",
    "属于四类过程性信息": f"{OUTCOME}.denied.process",
    "属于行政执法案卷": f"{OUTCOME}.denied.enforcement_file",
    "属于行政查询事项": f"{OUTCOME}.denied.query_matter",
    "本机关不掌握相关政府信息": f"{OUTCOME}.unable.not_held",
    "没有现成信息需要另行制作": f"{OUTCOME}.unable.needs_creation",
    "补正后申请内容仍不明确": f"{OUTCOME}.unable.unclear",
    "信访举报投诉类申请": f"{OUTCOME}.unprocessed.petition",
    "重复申请": f"{OUTCOME}.unprocessed.duplicate",
    "要求提供公开出版物": f"{OUTCOME}.unprocessed.publication",
    "无正当理由大量反复申请": f"{OUTCOME}.unprocessed.abusive",
    "要求行政机关确认或重新出具已获取信息": f"{OUTCOME}.unprocessed.reissue",
    "其他处理": f"{OUTCOME}.other.total",
    "申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请": f"{OUTCOME}.other.no_supplement",
    "申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请": f"{OUTCOME}.other.fee_unpaid",
    "其他": f"{OUTCOME}.other.rest",
    "总计": f"{OUTCOME}.total",
    "结转下年度继续办理": "requests.carried_out",
}
APPLICANTS = ("natural_person", "business", "research", "public_interest", "legal_service", "other", "all")

SUBJECTS = {
    "规章": "reg", "规范性文件": "norm", "行政规范性文件": "norm", "行政许可": "licence",
    "其他对外管理服务事项": "other_service", "行政处罚": "penalty", "行政强制": "coercion",
    "行政事业性收费": "fee", "政府集中采购": "procurement",
}
SUBJECT_COLUMNS = {
    "本年新制作": "made", "本年新公开": "published", "对外公开总": "stock",
    "本年制发件": "issued", "本年废止件": "repealed", "现行有效件": "in_force",
    "上一年项目": "items_prev", "本年增/减": "items_change", "处理决定": "decisions", "本年处理决定": "decisions",
    "本年收费金额": "amount", "采购项目": "projects", "采购总金额": "amount",
}
RESULTS = tuple(
    f"{group}.{result}" for group in ("review", "litigation.direct", "litigation.after_review")
    for result in ("upheld", "corrected", "other", "pending", "total")
)

NATIONAL = {
    "主动公开政府信息": "proactive.total",
    "主动公开规范性文件": "proactive.normative_disclosed",
    "制发规范性文件总": "proactive.normative_issued",
    "通过不同渠道和方式公开政府信息的情况": f"{CHANNEL}.total",
    "政府公报公开政府信息": f"{CHANNEL}.gazette",
    "政府网站公开政府信息": f"{CHANNEL}.website",
    "政务微博公开政府信息": f"{CHANNEL}.weibo",
    "政务微信公开政府信息": f"{CHANNEL}.wechat",
    "其他方式公开政府信息": f"{CHANNEL}.other",
    "回应公众关注热点或重大舆情": "response.hot_topics",
    "通过不同渠道和方式回应解读的情况": "response.actions_total",
    "参加或举办新闻发布会总次": "response.press.total",
    "主要负责同志参加新闻发布会次": "response.press.principal",
    "政府网站在线访谈次": "response.interview.total",
    "主要负责同志参加政府网站在线访谈次": "response.interview.principal",
    "政策解读稿件发布": "response.interpretation",
    "微博微信回应事件": "response.weibo_wechat",
    "其他方式回应事件": "response.other",
    "收到申请": f"{RECEIVED}.total",
    "当面申请": f"{RECEIVED}.channel.in_person",
    "传真申请": f"{RECEIVED}.channel.fax",
    "网络申请": f"{RECEIVED}.channel.online",
    "信函申请": f"{RECEIVED}.channel.letter",
    "其他形式": f"{RECEIVED}.channel.other",
    "申请办结": "requests.closed.total",
    "按时办结": "requests.closed.on_time",
    "延期办结": "requests.closed.extended",
    "申请答复": f"{OUTCOME}.total",
    "属于已主动公开范围": f"{OUTCOME}.already_public",
    "同意公开答复": f"{OUTCOME}.granted",
    "同意部分公开答复": f"{OUTCOME}.partial",
    "不同意公开答复": f"{OUTCOME}.denied.total",
    "涉及国家秘密": f"{OUTCOME}.denied.state_secret",
    "涉及商业秘密": f"{OUTCOME}.denied.trade_secret",
    "涉及个人隐私": f"{OUTCOME}.denied.privacy",
    "危及国家安全、公共安全、经济安全和社会稳定": f"{OUTCOME}.denied.security_stability",
    "不是条例所指政府信息": f"{OUTCOME}.denied.not_gov_info",
    "法律法规规定的其他情形": f"{OUTCOME}.denied.other_legal",
    "不属于本行政机关公开": f"{OUTCOME}.unable.not_own_agency",
    "申请信息不存在": f"{OUTCOME}.unable.not_exist",
    "告知作出更改补充": f"{OUTCOME}.unclear_supplement",
    "告知通过其他途径办理": f"{OUTCOME}.other_channel",
    "行政复议": "review.total",
    "行政诉讼": "litigation.total",
    "举报投诉": "complaint.total",
    "被举报投诉": "complaint.total",
    "依申请公开信息收取的费用": "fee.collected",
    "政府信息公开工作专门机构": "resource.bodies",
    "设置政府信息公开查阅点": "resource.reading_points",
    "设置政府信息查阅点": "resource.reading_points",
    "从事政府信息公开工作人员": "resource.staff.total",
    "专职人员": "resource.staff.full_time",
    "兼职人员": "resource.staff.part_time",
    "政府信息公开专项经费": "resource.budget",
    "召开政府信息公开工作会议或专题会议": "training.meetings",
    "举办各类培训班": "training.classes",
    "接受培训人员": "training.attendees",
}

PROVINCIAL = {
    "主动公开信息": "proactive.total",
    "主动公开文件": "proactive.total",
    "全文电子化的主动公开信息": "proactive.total.fulltext",
    "新增的行政规范性文件": "proactive.normative_new",
    "提供服务类信息": "proactive.service_info",
    "依申请公开信息目录": "proactive.catalogue_on_request",
    "政府网站": f"{CHANNEL}.website",
    "政府公报": f"{CHANNEL}.gazette",
    "政府网站公开": f"{CHANNEL}.website",
    "政府公报公开": f"{CHANNEL}.gazette",
    "网站专栏页面访问量": "consult.web_visits",
    "现场接待人": "consult.on_site",
    "网上咨询": "consult.online",
    "咨询电话接听": "consult.phone",
    "申请总": f"{RECEIVED}.total",
    "信息公开申请": f"{RECEIVED}.total",
    "受理依申请公开信息总": f"{RECEIVED}.total",
    "受理政府信息公开申请总": f"{RECEIVED}.total",
    "电子邮件申请": f"{RECEIVED}.channel.email",
    "网上申请": f"{RECEIVED}.channel.online",
    "信函、传真申请": f"{RECEIVED}.channel.letter_fax",
    "信函及传真申请": f"{RECEIVED}.channel.letter_fax",
    "网上填表及电子邮件申请": f"{RECEIVED}.channel.online_email",
    "其他形式申请": f"{RECEIVED}.channel.other",
    "其它形式申请": f"{RECEIVED}.channel.other",
    "对申请的答复总": f"{OUTCOME}.total",
    "对申请的答复": f"{OUTCOME}.total",
    "本年度对申请的答复总": f"{OUTCOME}.total",
    "同意公开": f"{OUTCOME}.granted",
    "同意部分公开": f"{OUTCOME}.partial",
    "否决公开答复总": f"{OUTCOME}.denied.total",
    "不予公开答复": f"{OUTCOME}.denied.total",
    "不予公开": f"{OUTCOME}.denied.total",
    "非规定所指政府信息": f"{OUTCOME}.denied.not_gov_info",
    "非条例所指政府信息": f"{OUTCOME}.denied.not_gov_info",
    "信息不存在": f"{OUTCOME}.unable.not_exist",
    "非本部门掌握": f"{OUTCOME}.unable.not_own_agency",
    "申请内容不明确": f"{OUTCOME}.unclear_supplement",
    "其它原因": f"{OUTCOME}.other_type",
    "其他原因": f"{OUTCOME}.other_type",
    "其他情况": f"{OUTCOME}.other_type",
    "其他类型答复": f"{OUTCOME}.other_type",
    "行政申诉": "appeal.total",
    "对本部门首次处理不满意的行政申诉": "appeal.first_unsatisfied",
    "接受行政申诉、举报": "complaint_appeal.total",
    "有关政府信息公开投诉": "complaint.total",
    "有关政府信息公开行政复议": "review.total",
    "有关政府信息公开行政诉讼": "litigation.total",
    "收取费用总": "fee.collected",
    "检索费": "fee.collected.search",
    "邮寄费": "fee.collected.mail",
    "复制费": "fee.collected.copy",
    "政府信息公开指定专职人员总": "resource.staff.full_time",
    "处理政府信息公开的专项经费": "resource.budget",
    "与诉讼有关的总费用": "litigation.cost",
}

# Rows that say only whose part they are by the total above them.
PARTS = {
    "维持具体行政行为": "upheld", "维持具体行政行为或者驳回原告诉讼请求": "upheld", "被依法纠错": "corrected",
    "被纠错": "corrected", "其他情形": "other",
}
PARTED = ("review", "litigation", "complaint")
ROWS = NATIONAL | PROVINCIAL
MONEY = frozenset({"resource.budget", "litigation.cost", "statutory.fee.amount", "statutory.procurement.amount"})

ENUMERATOR = re.compile(r"^(?:其中:?|[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d{1,2}[.、]|[①-⑩])+")
NEAR = 0.85


def is_money(category):
    return category in MONEY or category.startswith("fee.")


@lru_cache(maxsize=200_000)
def bare(cell):
    """A label without enumerator, gloss, quotes and the word for number at its end."""
    text = re.sub(r"\s", "", fold(cell))
    text = re.sub(r"[“”\"'《》「」『』]", "", ENUMERATOR.sub("", text))
    text = re.sub(r"\([^()]*\)", "", text) or text
    return re.sub(r"(数量|数)$", "", text.strip(":"))


@lru_cache(maxsize=200_000)
def category_of(cell, form):
    """The category of a row label of the matrix or of the older tables, the next best label where it is a variant."""
    known = MATRIX if form == "matrix" else ROWS
    label = bare(cell)
    if label in known:
        return known[label]
    if len(label) < 5:
        return None
    near = difflib.get_close_matches(label, known, n=1, cutoff=NEAR)
    return known[near[0]] if near else None
