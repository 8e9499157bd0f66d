//! The channels of the country, registered in the sandbox's short way. Owners and credit codes are of nobody.

use crate::failure::{Attempt, Failure};
use sdk::client::Staff;
use sdk::types::channel::{
    AccessMode, ActOnChannel, ChannelClass, ChannelForm, ChannelOwner, ChannelView, CreateChannel,
};
use std::collections::BTreeMap;

/// The channels by their keys in [`PLANS`].
pub type Channels = BTreeMap<&'static str, ChannelView>;

struct Plan {
    key: &'static str,
    name: &'static str,
    owner: (&'static str, &'static str),
    class: ChannelClass,
    parent: Option<&'static str>,
    form: ChannelForm,
    regions: &'static [&'static str],
    services: &'static [&'static str],
}

const JIANGSU: (&str, &str) = ("江苏演示人社信息中心", "12320000000000027W");
const GUANGDONG: (&str, &str) = ("广东演示政务服务中心", "12440000000000035N");
const NATION: (&str, &str) = ("国民演示科技有限公司", "91110000000000043U");
const LAKE: (&str, &str) = ("湖滨演示银行股份有限公司", "91330000000000051C");
const SOUTH: (&str, &str) = ("南粤演示银行股份有限公司", "9144000000000006XY");
const HOSPITAL: (&str, &str) = ("蓉城演示医院", "12510100000000078K");
const PHARMACY: (&str, &str) = ("江城演示医药有限公司", "91420100000000086N");
const TRAVEL: (&str, &str) = ("钱塘演示出行科技有限公司", "91330100000000094Y");
const LIFE: (&str, &str) = ("鹏城演示生活服务有限公司", "91440300000000107R");

const ALL: &[&str] = &["ecard.issue", "query.card", "query.talent", "query.employment"];
const CARD: &[&str] = &["ecard.issue", "query.card"];

/// One channel a line: key, name, owner, class, level-1 channel, form, regions, services.
macro_rules! plans {
    ($($key:literal $name:literal $owner:ident $class:ident $parent:expr, $form:ident $regions:expr, $services:ident;)*) => {
        &[$(Plan {
            key: $key,
            name: $name,
            owner: $owner,
            class: ChannelClass::$class,
            parent: $parent,
            form: ChannelForm::$form,
            regions: &$regions,
            services: $services,
        }),*]
    };
}

const PLANS: &[Plan] = plans! {
    "jiangsu" "江苏人社在线" JIANGSU Hrss None, App ["320000"], ALL;
    "nanjing" "南京人社小程序" JIANGSU Hrss Some("jiangsu"), MiniProgram ["320100"], CARD;
    "guangdong" "粤惠民" GUANGDONG Government None, App ["440000"], ALL;
    "shenzhen" "深圳便民号" GUANGDONG Government Some("guangdong"), OfficialAccount ["440300"], CARD;
    "nation" "国民通" NATION NationalSigned None, App ["000000"], ALL;
    "lake" "湖滨手机银行" LAKE Bank None, App ["310000", "320000", "330000"], ALL;
    "lake_mini" "湖滨银行小程序" LAKE Bank Some("lake"), MiniProgram ["330100"], CARD;
    "south" "南粤手机银行" SOUTH Bank None, App ["440000"], CARD;
    "hospital" "蓉城健康" HOSPITAL Medical None, MiniProgram ["510100"], CARD;
    "pharmacy" "江城医药通" PHARMACY Medical None, App ["420100"], CARD;
    "travel" "钱塘出行" TRAVEL Social None, App ["330100", "330200"], CARD;
    "life" "鹏城生活号" LIFE Social None, LifeAccount ["440300"], CARD;
};

/// Registers them; one is suspended at once.
///
/// # Errors
/// The first that the platform refuses.
pub fn register(admin: &Staff) -> Result<Channels, Failure> {
    let mut channels = Channels::new();
    for plan in PLANS {
        let parent_id = plan.parent.map(|parent| channels[parent].channel_id.clone());
        let channel = admin.create_channel(&request(plan, parent_id));
        channels.insert(plan.key, channel.attempt(format_args!("register the channel {}", plan.name))?);
    }
    let south = &channels["south"];
    let suspend = ActOnChannel {
        action: "suspend".into(),
        reason: Some("所属单位系统迁移，应其申请暂停".into()),
    };
    admin.act_on_channel(&south.channel_id, south.version, &suspend).attempt("suspend a channel")?;
    Ok(channels)
}

fn request(plan: &Plan, parent_id: Option<String>) -> CreateChannel {
    let is_app = plan.form == ChannelForm::App;
    CreateChannel {
        name: plan.name.into(),
        owner: ChannelOwner { name: plan.owner.0.into(), uscc: plan.owner.1.into() },
        class: plan.class,
        level: if parent_id.is_some() { 2 } else { 1 },
        parent_id,
        form: plan.form,
        form_name: None,
        access_mode: if is_app { AccessMode::Sdk } else { AccessMode::H5 },
        regions: plan.regions.iter().map(|region| (*region).into()).collect(),
        services: plan.services.iter().map(|code| (*code).into()).collect(),
        keys: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::Uscc;

    #[test]
    fn every_owner_has_a_well_formed_code_and_every_service_exists() {
        for plan in PLANS {
            plan.owner.1.parse::<Uscc>().unwrap();
            for code in plan.services {
                domain::service::find(code).unwrap();
            }
        }
    }
}
