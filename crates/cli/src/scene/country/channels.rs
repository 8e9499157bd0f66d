//! The channels of the country, registered in the sandbox's short way, each in the month in which it enters. Owners and
//! credit codes are of nobody.

use super::fortune::{ASLEEP, DOZING, FADING, Fortune, GROWING, LOST, RECOVERED, STEADY};
use crate::failure::{Attempt, Failure};
use domain::identity::Uscc;
use sdk::client::Staff;
use sdk::types::Private;
use sdk::types::channel::{
    AccessMode, ActOnChannel, ChannelClass, ChannelForm, ChannelOwner, ChannelView, CreateChannel,
};
use sdk::types::key::AddKey;
use std::collections::BTreeMap;

/// The channels that issue e-cards to holders one by one; the first does in every province.
pub const ISSUING: [&str; 2] = ["nation", "lake"];

/// The channels by their keys in [`PLANS`].
pub type Channels = BTreeMap<&'static str, ChannelView>;

/// What a channel is, and how it fares.
pub struct Plan {
    /// How the rest of the country names it.
    pub key: &'static str,
    name: &'static str,
    owner: Owner,
    class: ChannelClass,
    /// Its level-1 channel.
    pub parent: Option<&'static str>,
    form: ChannelForm,
    regions: &'static [&'static str],
    services: &'static [&'static str],
    /// In which month of the country's history it enters.
    pub entry: i32,
    /// How much it is used.
    pub fortune: Fortune,
}

/// Name, and the first 8 digits of its credit code: what it is and where.
type Owner = (&'static str, &'static str);

const JIANGSU: Owner = ("江苏演示人社信息中心", "12320000");
const GUANGDONG: Owner = ("广东演示政务服务中心", "12440000");
const NATION: Owner = ("国民演示科技有限公司", "91110000");
const LAKE: Owner = ("湖滨演示银行股份有限公司", "91330000");
const SOUTH: Owner = ("南粤演示银行股份有限公司", "91440000");
const HOSPITAL: Owner = ("蓉城演示医院", "12510100");
const PHARMACY: Owner = ("江城演示医药有限公司", "91420100");
const TRAVEL: Owner = ("钱塘演示出行科技有限公司", "91330100");
const LIFE: Owner = ("鹏城演示生活服务有限公司", "91440300");
const ZHEJIANG: Owner = ("浙江演示人社信息中心", "12330000");
const SHANDONG: Owner = ("山东演示人社信息中心", "12370000");
const HENAN: Owner = ("河南演示人社信息中心", "12410000");
const SICHUAN: Owner = ("四川演示人社信息中心", "12510000");
const SHAANXI: Owner = ("陕西演示人社信息中心", "12610000");
const LIAONING: Owner = ("辽宁演示人社信息中心", "12210000");
const YUNNAN: Owner = ("云南演示人社信息中心", "12530000");
const XINJIANG: Owner = ("新疆演示人社信息中心", "12650000");
const HUNAN: Owner = ("湖南演示人社信息中心", "12430000");
const SHANGHAI: Owner = ("上海演示政务服务中心", "12310000");
const BEIJING: Owner = ("北京演示政务服务中心", "12110000");
const CHONGQING: Owner = ("重庆演示政务服务中心", "12500000");
const GUIZHOU: Owner = ("贵州演示大数据中心", "12520000");
const FUJIAN: Owner = ("福建演示政务服务中心", "12350000");
const UNION: Owner = ("联通万家演示科技有限公司", "91310000");
const NORTH: Owner = ("北方演示银行股份有限公司", "91110000");
const COAST: Owner = ("海岸演示银行股份有限公司", "91370200");
const PLAIN: Owner = ("中原演示银行股份有限公司", "91410000");
const RIVER: Owner = ("长江演示银行股份有限公司", "91420000");
const CLINIC: Owner = ("华东演示医院集团", "12310100");
const HEALTH: Owner = ("岭南演示医院", "12440100");
const CARE: Owner = ("关中演示医疗集团", "12610100");
const MOVE: Owner = ("巴渝演示交通科技有限公司", "91500000");
const SHOP: Owner = ("海峡演示商务科技有限公司", "91350200");
const WORK: Owner = ("齐鲁演示人力资源有限公司", "91370100");
const HOME: Owner = ("潇湘演示生活科技有限公司", "91430100");

const ALL: &[&str] = &["ecard.issue", "query.card", "query.talent", "query.employment"];
const CARD: &[&str] = &["ecard.issue", "query.card"];

/// One channel a line: key, name, owner, class, level-1 channel, form, regions, services, entry, fortune.
macro_rules! plans {
    ($($key:literal $name:literal $owner:ident $class:ident $parent:expr, $form:ident $regions:expr, $services:ident,
        $entry:literal $base:literal $share:literal $turn:ident;)*) => {
        &[$(Plan {
            key: $key,
            name: $name,
            owner: $owner,
            class: ChannelClass::$class,
            parent: $parent,
            form: ChannelForm::$form,
            regions: &$regions,
            services: $services,
            entry: $entry,
            fortune: Fortune { base: $base, share: $share, turn: $turn },
        }),*]
    };
}

/// Every channel; level 1 before its level 2.
pub const PLANS: &[Plan] = plans! {
    "jiangsu" "江苏人社在线" JIANGSU Hrss None, App ["320000"], ALL, 0 92_000 240 GROWING;
    "nanjing" "南京人社小程序" JIANGSU Hrss Some("jiangsu"), MiniProgram ["320100"], CARD, 3 21_000 210 STEADY;
    "guangdong" "粤惠民" GUANGDONG Government None, App ["440000"], ALL, 0 138_000 260 GROWING;
    "shenzhen" "深圳便民号" GUANGDONG Government Some("guangdong"), OfficialAccount ["440300"], CARD, 2 9_400 120 STEADY;
    "nation" "国民通" NATION NationalSigned None, App ["000000"], ALL, 0 610_000 310 GROWING;
    "lake" "湖滨手机银行" LAKE Bank None, App ["310000", "320000", "330000"], ALL, 0 41_000 190 GROWING;
    "lake_mini" "湖滨银行小程序" LAKE Bank Some("lake"), MiniProgram ["330100"], CARD, 5 6_200 170 STEADY;
    "south" "南粤手机银行" SOUTH Bank None, App ["440000"], CARD, 0 18_000 150 STEADY;
    "hospital" "蓉城健康" HOSPITAL Medical None, MiniProgram ["510100"], CARD, 0 7_800 330 STEADY;
    "hospital_mini" "蓉城健康公众号" HOSPITAL Medical Some("hospital"), OfficialAccount ["510100"], CARD, 5 2_600 300 STEADY;
    "pharmacy" "江城医药通" PHARMACY Medical None, App ["420100"], CARD, 0 900 140 ASLEEP;
    "travel" "钱塘出行" TRAVEL Social None, App ["330100", "330200"], CARD, 0 24_000 220 FADING;
    "life" "鹏城生活号" LIFE Social None, LifeAccount ["440300"], CARD, 0 5_100 160 STEADY;
    "life_mini" "鹏城生活小程序" LIFE Social Some("life"), MiniProgram ["440300"], CARD, 4 1_900 210 STEADY;
    "zhejiang" "浙里人社" ZHEJIANG Hrss None, App ["330000"], ALL, 0 104_000 280 GROWING;
    "shandong" "齐鲁人社通" SHANDONG Hrss None, App ["370000"], ALL, 0 97_000 230 STEADY;
    "henan" "中原人社" HENAN Hrss None, App ["410000"], ALL, 1 88_000 200 GROWING;
    "sichuan" "天府人社" SICHUAN Hrss None, App ["510000"], ALL, 0 81_000 220 GROWING;
    "chengdu" "成都人社公众号" SICHUAN Hrss Some("sichuan"), OfficialAccount ["510100"], CARD, 4 12_000 180 STEADY;
    "shaanxi" "秦岭人社" SHAANXI Hrss None, MiniProgram ["610000"], CARD, 2 33_000 190 STEADY;
    "liaoning" "辽沈人社" LIAONING Hrss None, App ["210000"], ALL, 3 36_000 170 STEADY;
    "yunnan" "彩云人社" YUNNAN Hrss None, MiniProgram ["530000"], CARD, 5 27_000 210 GROWING;
    "xinjiang" "天山人社" XINJIANG Hrss None, App ["650000", "660000"], ALL, 7 19_000 240 STEADY;
    "hunan" "湘江人社" HUNAN Hrss None, App ["430000"], ALL, 8 52_000 230 GROWING;
    "shanghai" "沪上办事" SHANGHAI Government None, App ["310000"], ALL, 0 76_000 350 GROWING;
    "beijing" "京城便民" BEIJING Government None, App ["110000"], ALL, 0 71_000 340 STEADY;
    "chongqing" "渝快通" CHONGQING Government None, MiniProgram ["500000"], CARD, 3 44_000 270 STEADY;
    "guizhou" "黔中服务" GUIZHOU Government None, LifeAccount ["520000"], CARD, 0 14_000 130 LOST;
    "fujian" "闽江便民" FUJIAN Government None, MiniProgram ["350000"], CARD, 9 30_000 260 GROWING;
    "union" "万家通" UNION NationalSigned None, App ["000000"], ALL, 0 340_000 270 GROWING;
    "union_mini" "万家通小程序" UNION NationalSigned Some("union"), MiniProgram ["000000"], CARD, 6 120_000 240 STEADY;
    "north" "北方手机银行" NORTH Bank None, App ["110000", "120000", "130000"], CARD, 0 23_000 160 STEADY;
    "coast" "海岸手机银行" COAST Bank None, App ["370000"], CARD, 0 12_000 140 RECOVERED;
    "plain" "中原手机银行" PLAIN Bank None, App ["410000"], CARD, 0 15_000 150 DOZING;
    "river" "长江手机银行" RIVER Bank None, App ["420000"], CARD, 0 17_000 180 GROWING;
    "clinic" "华东健康" CLINIC Medical None, MiniProgram ["310000"], CARD, 0 16_000 360 STEADY;
    "health" "岭南云医" HEALTH Medical None, OfficialAccount ["440100"], CARD, 0 8_600 310 STEADY;
    "care" "关中医路通" CARE Medical None, MiniProgram ["610100"], CARD, 0 5_400 290 GROWING;
    "move" "巴渝出行" MOVE Social None, App ["500000"], CARD, 0 13_000 250 STEADY;
    "shop" "海峡生活" SHOP Social None, MiniProgram ["350200"], CARD, 0 9_100 170 STEADY;
    "work" "齐鲁招聘" WORK Social None, App ["370000"], CARD, 0 11_000 200 GROWING;
    "home" "潇湘到家" HOME Social None, LifeAccount ["430100"], CARD, 0 7_700 190 STEADY;
};

/// Registers those that enter in a month; `issuing` are the keys of those that issue, when they are among them.
///
/// # Errors
/// The first that the platform refuses.
pub fn register(
    admin: &Staff,
    month: i32,
    issuing: &[(&str, (AddKey, Private))],
    channels: &mut Channels,
) -> Result<(), Failure> {
    for plan in PLANS.iter().filter(|plan| plan.entry == month) {
        let parent_id = plan.parent.map(|parent| channels[parent].channel_id.clone());
        let own = issuing.iter().filter(|(channel, _)| *channel == plan.key);
        let keys = own.map(|(_, (key, _))| key.clone()).collect();
        let channel = admin.create_channel(&CreateChannel { keys, ..request(plan, parent_id)? });
        channels.insert(plan.key, channel.attempt(format_args!("register the channel {}", plan.name))?);
    }
    Ok(())
}

/// Suspends one, the sandbox's short way.
///
/// # Errors
/// The platform refuses.
pub fn suspend(admin: &Staff, channels: &Channels) -> Result<(), Failure> {
    let south = &channels["south"];
    let suspend = ActOnChannel {
        action: "suspend".into(),
        reason: Some("所属单位系统迁移，应其申请暂停".into()),
    };
    admin.act_on_channel(&south.channel_id, south.version, &suspend).attempt("suspend a channel").map(drop)
}

/// A credit code that begins so and is of nobody.
pub fn uscc(prefix: &str, number: u32) -> Result<String, Failure> {
    let code = Uscc::numbered(prefix, number).attempt(format_args!("make a credit code of {prefix}"))?;
    Ok(code.as_str().to_owned())
}

fn request(plan: &Plan, parent_id: Option<String>) -> Result<CreateChannel, Failure> {
    let is_app = plan.form == ChannelForm::App;
    // One owner, one code, whichever of its channels comes first.
    let number =
        (2..).zip(PLANS).find(|(_, other)| other.owner == plan.owner).map_or(2, |(number, _)| number);
    Ok(CreateChannel {
        name: plan.name.into(),
        owner: ChannelOwner { name: plan.owner.0.into(), uscc: uscc(plan.owner.1, number)? },
        class: plan.class,
        level: if parent_id.is_some() { 2 } else { 1 },
        parent_id,
        form: plan.form,
        form_name: None,
        access_mode: if is_app { AccessMode::Sdk } else { AccessMode::H5 },
        regions: plan.regions.iter().map(|region| (*region).into()).collect(),
        services: plan.services.iter().map(|code| (*code).into()).collect(),
        keys: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_owner_has_a_code_of_its_own_and_every_service_exists() {
        let codes: BTreeSet<_> = PLANS.iter().map(|plan| request(plan, None).unwrap().owner.uscc).collect();
        let owners: BTreeSet<_> = PLANS.iter().map(|plan| plan.owner).collect();
        assert_eq!(codes.len(), owners.len());
        for code in PLANS.iter().flat_map(|plan| plan.services) {
            domain::service::find(code).unwrap();
        }
    }

    #[test]
    fn level_one_enters_before_its_level_two() {
        for (place, plan) in PLANS.iter().enumerate() {
            let Some(parent) = plan.parent else { continue };
            let found = PLANS.iter().position(|other| other.key == parent).unwrap();
            assert!(found < place && PLANS[found].entry <= plan.entry, "{}", plan.key);
        }
    }
}
