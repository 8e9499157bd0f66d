// The try-it page: six steps against /sandbox/try/, by hand or, with #play, by themselves.
"use strict";

const WORDS = {
  skip: ["跳到正文", "Skip to content"],
  brand: ["一卡通", "Yikatong"],
  world: ["沙盒世界", "Sandbox world"],
  title: ["领一张电子社保卡，用一用", "Claim an electronic social-security card and use it"],
  lead: [
    "这里的人、卡和钱都是虚构的；每一步却是真的：由一个演示渠道和一台演示终端向本服务器发出国密签名的请求。",
    "Persons, cards and money here are made up; each step is real: a demonstration channel and terminal send requests signed with SM2 to this very server.",
  ],
  closed: [
    "本服务器没有演示数据。用 ykt serve --demo 启动即可试用。",
    "This server has no demonstration data. Start it with ykt serve --demo to try it.",
  ],
  play: ["自动演示全部步骤", "Play every step"],
  claim_title: ["领取", "Claim"],
  claim_text: [
    "选一位测试人员。渠道核对社保卡登记、状态和本人，平台为其签发唯一的电子社保卡，并关联到渠道。",
    "Choose a test person. The channel has registry, card state and person checked; the platform issues the one e-card of that person and binds it to the channel.",
  ],
  person: ["测试人员", "Test person"],
  password: ["为电子社保卡设置 6 位密码", "Six-digit password for the e-card"],
  password_hint: [
    "不能是顺子、重复数字或身份证号的一段。已设过密码的卡保留原密码。",
    "No runs, repeats or parts of the ID number. A card that has a password keeps it.",
  ],
  claim_do: ["领取电子社保卡", "Claim the e-card"],
  show_title: ["出示", "Show"],
  show_text: [
    "二维码由持卡人设备在会话中请求，一次有效，最长一分钟。",
    "The holder's device asks for the code in its session. It is good once, and for at most a minute.",
  ],
  show_do: ["出示二维码", "Show a code"],
  scan_title: ["核验", "Verify"],
  scan_text: [
    "终端扫码。平台检查部门、渠道、本人三重授权，只回答一次是谁，并记下证据。",
    "The terminal scans. The platform checks that department, channel and person authorize it, answers once who it is, and keeps evidence.",
  ],
  scan_do: ["终端扫这个码", "Scan this code"],
  again_title: ["再扫一次", "Scan again"],
  again_text: ["同一个码再扫一次：一定被拒绝。", "The same code a second time: it must be refused."],
  again_do: ["再扫同一个码", "Scan the same code again"],
  pay_title: ["支付", "Pay"],
  pay_text: [
    "出示新码，终端以支付目的核验，换得一次性凭证，再用它扣款。沙盒里的银行是模拟的。",
    "A new code is verified for payment, which gives a single-use handle; the payment spends it. The sandbox's bank is a simulator.",
  ],
  amount: ["金额（元）", "Amount (yuan)"],
  pay_do: ["支付", "Pay"],
  uses_title: ["证据", "Evidence"],
  uses_text: [
    "持卡人看得到每一次使用：何时、何地、谁、为什么、凭什么授权。",
    "The holder can read every use: when, where, who, what for, and by which authorization.",
  ],
  uses_do: ["查看使用记录", "Read the uses"],
  footer: [
    "在命令行里，ykt demo 演示并证明同样的流程：丢卡、伪造签名、透支、日切、对账和审计。",
    "On the command line, ykt demo plays and proves the same and more: lost card, forged signature, overdraft, day cut, settlement and audit.",
  ],
  claimed: ["已领取", "Claimed"],
  shown: ["已出示", "Shown"],
  verified: ["核验通过", "Verified"],
  refused: ["已拒绝", "Refused"],
  refused_well: ["如期拒绝", "Refused, as it must be"],
  accepted_twice: ["不应通过！", "This should not have passed!"],
  paid: ["支付成功", "Paid"],
  pending: ["结果确认中，请勿重复支付", "Being confirmed; do not pay twice"],
  recorded: ["次使用已记录", "uses on record"],
  unreachable: ["服务器没有应答", "The server does not answer"],
  name: ["姓名", "Name"], number: ["社会保障号码", "Number"], state: ["卡状态", "Card state"],
  ecard_no: ["电子社保卡号", "E-card number"], sign_no: ["签发号", "Sign number"], pseudonym: ["本方可见的代号", "Pseudonym for this party"],
  use_id: ["证据编号", "Evidence"], at: ["时间", "Time"], code: ["原因代码", "Code"], clause: ["依据条款", "Clause"],
  order_no: ["订单号", "Order"], money: ["金额", "Amount"], payment_id: ["支付编号", "Payment"],
  left: ["秒后失效", "s left"], over: ["已失效", "expired"], spent: ["已使用", "used"], qr_alt: ["电子社保卡二维码", "QR code of the e-card"],
  yuan: ["元", "yuan"], playing: ["正在演示…", "Playing…"], passed: ["全部步骤符合预期", "Every step went as it must"],
  failed: ["演示中断：", "The play stopped at: "],
  identity: ["身份核验", "identity"], pay_purpose: ["支付", "payment"], service: ["服务", "service"],
  by_code: ["凭二维码", "by code"], by_password: ["凭密码", "by password"], by_grant: ["凭授权", "by grant"],
  active: ["正常", "active"], loss_reported: ["挂失", "reported lost"], locked: ["锁定", "locked"], invalid: ["注销", "invalid"],
  temporarily_lost: ["临时挂失", "temporarily lost"], delivered: ["未启用", "not activated"],
};

let english = !/^zh/i.test(navigator.language || "zh");
try { english = (localStorage.getItem("language") || (english ? "en" : "zh")) === "en"; } catch { /* no storage */ }
let visit = null;
let expiry = null;
const t = (key) => (WORDS[key] || [key, key])[english ? 1 : 0];
const at = (id) => document.getElementById(id);
const time = (text) => new Date(text).toLocaleString(english ? "en-GB" : "zh-CN", { hour12: false, timeZone: "Asia/Shanghai" });

function speak() {
  document.documentElement.lang = english ? "en" : "zh-CN";
  document.title = `${t("brand")} · ${english ? "try it" : "试用"}`;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  at("language").textContent = english ? "中文" : "English";
  at("language").lang = english ? "zh-CN" : "en";
  at("qr").alt = t("qr_alt");
  for (const node of document.querySelectorAll("#persons small")) {
    node.textContent = english ? node.dataset.en : node.dataset.zh;
  }
}

async function call(method, path, body) {
  const headers = { "accept-language": english ? "en" : "zh" };
  if (visit) headers["ykt-visit"] = visit;
  if (body !== undefined) headers["content-type"] = "application/json";
  const answer = await fetch(`/sandbox/try/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const json = await answer.json();
  return answer.ok ? { ok: json } : { problem: json };
}

function facts(pairs) {
  const list = document.createElement("dl");
  for (const [term, value] of pairs) {
    if (value === undefined || value === null || value === "") continue;
    const dt = document.createElement("dt");
    const dd = document.createElement("dd");
    dt.textContent = t(term);
    dd.textContent = value;
    list.append(dt, dd);
  }
  return list;
}

function tell(step, good, headline, ...nodes) {
  const box = document.querySelector(`#step-${step} .outcome`);
  box.className = `outcome ${good ? "good" : "bad"}`;
  const strong = document.createElement("strong");
  strong.textContent = `${good ? "✓" : "✗"} ${headline}`;
  box.replaceChildren(strong, ...nodes);
}

function refuse(step, good, headline, problem) {
  const fields = (problem.errors || []).map((field) => field.message).join(" ");
  const detail = [problem.title, fields].filter(Boolean).join(" ");
  tell(step, good, `${headline}${english ? ": " : "："}${detail}`, facts([["code", problem.code], ["clause", problem.clause]]));
}

function enable(...steps) {
  for (const step of steps) for (const button of document.querySelectorAll(`#step-${step} button`)) button.disabled = false;
}

function disable(...steps) {
  for (const step of steps) for (const button of document.querySelectorAll(`#step-${step} button`)) button.disabled = true;
}

const STEPS = {
  async claim() {
    const person = Number(new FormData(at("claim")).get("person"));
    const begun = await call("POST", "visits");
    if (begun.problem) return refuse("claim", false, t("refused"), begun.problem);
    visit = begun.ok.visit_id;
    at("code").hidden = true;
    disable("show", "scan", "again", "pay", "uses");
    for (const box of document.querySelectorAll(".outcome")) box.replaceChildren();
    const { ok, problem } = await call("POST", "claims", { person, password: at("password").value });
    if (problem) return refuse("claim", false, t("refused"), problem);
    tell("claim", true, t("claimed"), facts([
      ["name", ok.name_masked], ["number", ok.id_number_masked], ["state", t(ok.state)],
      ["ecard_no", ok.ecard_no], ["sign_no", ok.sign_no], ["pseudonym", ok.pseudonym],
    ]));
    enable("show", "pay", "uses");
    return ok;
  },
  async show() {
    const { ok, problem } = await call("POST", "codes");
    if (problem) return refuse("show", false, t("refused"), problem);
    at("qr").src = `data:image/svg+xml,${encodeURIComponent(ok.qr.svg)}`;
    at("qr").className = "";
    at("code-text").textContent = ok.code;
    at("code").hidden = false;
    document.querySelector("#step-show .outcome").replaceChildren();
    expiry = { at: Date.parse(ok.expires_at), spent: false };
    tick();
    enable("scan");
    disable("again");
    return ok;
  },
  async scan() {
    const { ok, problem } = await call("POST", "scans");
    if (problem) return refuse("scan", false, t("refused"), problem);
    if (expiry) expiry.spent = true;
    tick();
    tell("scan", true, t("verified"), facts([
      ["name", ok.holder.name_masked], ["number", ok.holder.id_number_masked], ["pseudonym", ok.pseudonym],
      ["use_id", ok.use_id], ["at", time(ok.verified_at)],
    ]));
    disable("scan");
    enable("again");
    return ok;
  },
  async again() {
    const { ok, problem } = await call("POST", "scans");
    if (ok) return tell("again", false, t("accepted_twice"));
    refuse("again", true, t("refused_well"), problem);
    return problem.code === "code.replayed" ? problem : undefined;
  },
  async pay() {
    const amount_fen = Math.round(Number(at("amount").value) * 100);
    const { ok, problem } = await call("POST", "payments", { amount_fen });
    if (problem) return refuse("pay", false, t("refused"), problem);
    const done = ok.state === "paid";
    tell("pay", done, done ? t("paid") : t("pending"), facts([
      ["money", `${(ok.amount_fen / 100).toFixed(2)} ${t("yuan")}`], ["order_no", ok.order_no],
      ["payment_id", ok.payment_id], ["at", time(ok.paid_at || ok.created_at)],
    ]));
    return done ? ok : undefined;
  },
  async uses() {
    const { ok, problem } = await call("GET", "uses");
    if (problem) return refuse("uses", false, t("refused"), problem);
    const list = document.createElement("ul");
    list.className = "uses";
    for (const use of ok) {
      const item = document.createElement("li");
      const small = document.createElement("small");
      const money = use.amount_fen ? ` ${(use.amount_fen / 100).toFixed(2)} ${t("yuan")}` : "";
      const purpose = use.purpose === "pay" ? t("pay_purpose") : t(use.purpose);
      item.textContent = `${time(use.used_at)} · ${purpose}${money} · ${t(`by_${use.authorization}`)}`;
      small.textContent = `${use.caller_name} · ${use.division} · ${use.use_id}`;
      item.append(small);
      list.append(item);
    }
    tell("uses", true, `${ok.length} ${t("recorded")}`, list);
    return ok.length > 0 ? ok : undefined;
  },
};

async function run(step) {
  try {
    return await STEPS[step]();
  } catch {
    tell(step, false, t("unreachable"));
    return undefined;
  }
}

function tick() {
  if (!expiry) return;
  const left = Math.ceil((expiry.at - Date.now()) / 1000);
  const over = expiry.spent || left <= 0;
  at("qr").className = over ? "spent" : "";
  at("countdown").textContent = expiry.spent ? t("spent") : over ? t("over") : `${left} ${t("left")}`;
  if (over && !expiry.spent) disable("scan");
}

async function play() {
  const result = at("result");
  at("play").disabled = true;
  result.dataset.outcome = "playing";
  result.textContent = t("playing");
  let stopped = null;
  for (const step of ["claim", "show", "scan", "again", "pay", "uses"]) {
    if ((await run(step)) === undefined) { stopped = step; break; }
  }
  at("play").disabled = false;
  result.dataset.outcome = stopped ? "failed" : "passed";
  result.textContent = stopped ? t("failed") + t(`${stopped}_title`) : t("passed");
  document.title = stopped ? `FAILED ${stopped}` : "PASSED";
}

function list(persons) {
  persons.forEach((person, index) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    const name = document.createElement("span");
    const bold = document.createElement("b");
    const about = document.createElement("small");
    input.type = "radio";
    input.name = "person";
    input.value = String(index);
    input.checked = index === 0;
    bold.textContent = person.name;
    name.append(bold, ` ${person.id_number}`);
    about.dataset.zh = person.about_zh;
    about.dataset.en = person.about_en;
    label.append(input, name, about);
    at("persons").append(label);
  });
}

async function begin() {
  speak();
  let stage = {};
  try { stage = await call("GET", "stage"); } catch { /* shown as closed */ }
  at("closed").hidden = Boolean(stage.ok);
  at("stage").hidden = !stage.ok;
  if (!stage.ok) { document.title = "CLOSED"; return; }
  list(stage.ok.persons);
  speak();
  setInterval(tick, 1000);
  if (location.hash === "#play") play();
}

at("language").addEventListener("click", () => {
  english = !english;
  try { localStorage.setItem("language", english ? "en" : "zh"); } catch { /* no storage */ }
  speak();
  tick();
});
at("play").addEventListener("click", play);
at("claim").addEventListener("submit", (event) => { event.preventDefault(); run("claim"); });
at("pay").addEventListener("submit", (event) => { event.preventDefault(); run("pay"); });
for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => run(button.dataset.do));
begin();
