//! The words of a rectification: where it stands, what is done to it, why something is refused.

use crate::name::names;
use crate::refusal::refusals;

refusals! {
    /// Why a rectification is not ordered or does not go on.
    Refusal {
        /// Not opened to this channel in the area of whoever orders, or closed.
        Opening = "rectification.opening" ["ND-3.5e"] "只能就本辖区向该渠道开通且未终止的服务责令整改"
            "name a service that is open to this channel in the own area";
        /// One rectification of an opening at a time.
        Ordered = "rectification.ordered" ["ND-3.5e"] "该项授权已有整改正在办理"
            "a rectification of this opening is under way";
        /// Not a matter of the channel that hints at a risk.
        Hint = "rectification.hint" ["ND-3.5e"] "风险提示须为该渠道的安全风险事件、安全检测报告、运营监测或退出办件"
            "a hint is a risk event, a security report, a monitoring or an exit of the channel";
        /// Too few days or too many.
        Days { least: i64, most: i64 } = "rectification.days" "整改期限应为{least}至{most}日"
            "the time to rectify is {least} to {most} days";
        /// Less than one day more, or too many.
        Extension { most: i64 } = "rectification.extension" "延长的日数应为1至{most}日" "ask for 1 to {most} days more";
        /// Nothing proves the answer.
        Files = "rectification.files" ["ND-3.5e"] "须上传整改证明材料" "upload the proof that it was rectified";
        /// Asked for before.
        Asked = "rectification.asked" "整改期限只能申请延长一次" "more time is asked for once";
        /// Nobody has asked for more time, or it was decided.
        NotAsked = "rectification.not_asked" "没有待决定的延期申请" "no request for more time waits to be decided";
        /// Withheld already.
        Suspended = "rectification.suspended" "该项授权已经暂停" "the service is suspended already";
    }
}

names! {
    /// Where it stands.
    State {
        /// 责令整改: waits for the owner until the day.
        Ordered = "ordered",
        /// 待验收: the owner says that it is done.
        Answered = "answered",
        /// 退回: the region is not content; waits for the owner until another day.
        Returned = "returned",
        /// 逾期: the day has passed, and the region decides.
        Missed = "missed",
        /// 验收通过: the service goes on.
        Accepted = "accepted",
        /// 终止: the opening was closed.
        Closed = "closed",
        /// 撤销: the region takes its order back.
        Withdrawn = "withdrawn",
        /// 办结: the opening or the channel ended otherwise.
        Settled = "settled",
    }
    /// What is done to it.
    Action {
        /// The owner says what was done, with proof.
        Answer = "answer",
        /// The owner asks for more time.
        AskTime = "ask_time",
        /// The region gives it.
        GrantTime = "grant_time",
        /// The region does not.
        RefuseTime = "refuse_time",
        /// The region withholds the service.
        Suspend = "suspend",
        /// The region is content.
        Accept = "accept",
        /// The region is not, and sets another day.
        Return = "return",
        /// The region ends the opening.
        Close = "close",
        /// The region takes the order back.
        Withdraw = "withdraw",
        /// The day has passed.
        Expire = "expire",
        /// The opening or the channel has ended.
        Settle = "settle",
    }
}
