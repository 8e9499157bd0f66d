use crate::harness::{HANGZHOU, refusal};
use domain::org::{OrgKind, Role};
use domain::service::CATALOGUE;
use sdk::client::{Error, Staff};
use sdk::types::audit::TrailEntry;
use sdk::types::service::{CloseOpening, CreateOpening, OpeningView};

fn open(by: &Staff, service: &str, to: &str, division: &str) -> Result<OpeningView, Error> {
    let request = CreateOpening { service: service.into(), caller_id: to.into(), division: division.into() };
    by.create_opening(&request)
}

fn ended() -> CloseOpening {
    CloseOpening { reason: "合作到期".into() }
}

on_both! {
    /// ND-3.3a
    fn the_catalogue_is_there_from_the_first_start(platform) {
        let services: Vec<_> = platform.operator().services().map(Result::unwrap).collect();
        assert_eq!(services.len(), CATALOGUE.len());
        let pay = services.iter().find(|service| service.code == "pay.code").unwrap();
        assert_eq!((pay.sign_level, pay.standard, pay.purpose.as_str()), (2, true, "pay"));
    }

    /// ND-3.5a, ND-3.5d
    fn a_department_opens_and_closes_a_service_in_its_own_division(platform) {
        let channel = platform.channel();
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let opened = open(&region, "identity.verify", &channel.id, "330106").unwrap();
        assert_eq!((opened.caller_id.as_str(), opened.division.as_str()), (channel.id.as_str(), "330106"));
        assert!(opened.opened_by.starts_with("stf_") && opened.closed_at.is_none());
        let again = open(&region, "identity.verify", &channel.id, "330106");
        assert_eq!(refusal(again), (409, "resource.exists".into()));
        let outside = open(&region, "identity.verify", &channel.id, "330200");
        assert_eq!(refusal(outside), (403, "staff.division".into()));
        let above = open(&region, "identity.verify", &channel.id, "330000");
        assert_eq!(refusal(above), (403, "staff.division".into()));

        let closed = region.close_opening(&opened.opening_id, &ended()).unwrap();
        assert!(closed.closed_at.is_some());
        assert_eq!(region.close_opening(&opened.opening_id, &ended()).unwrap(), closed, "once is enough");
        let path = format!("/api/v1/channels/{}/trail", channel.id);
        let trail: Vec<TrailEntry> = platform.operator().client().list(path).collect::<Result<_, _>>().unwrap();
        let told: Vec<_> = trail.iter().map(|record| record.action.as_str()).collect();
        assert_eq!(told[..2], ["service.closed", "service.opened"], "{told:?}");
        open(&region, "identity.verify", &channel.id, "330106").unwrap();
    }

    fn a_channel_gets_only_what_is_in_its_scope(platform) {
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let ministry = platform.staff(Role::MinistryReviewer, "000000");
        let ningbo = platform.channel_in(platform.world(), &["330200"]);
        assert_eq!(refusal(open(&region, "pay.code", &ningbo.id, "330106")), (404, "resource.not_found".into()));
        assert_eq!(refusal(open(&ministry, "pay.code", &ningbo.id, "330106")), (409, "channel.division".into()));
        open(&ministry, "pay.code", &ningbo.id, "000000").unwrap();

        let narrow = platform.channel_of(platform.world(), &["330000"], &["ecard.issue"]);
        assert_eq!(refusal(open(&region, "pay.code", &narrow.id, "330106")), (409, "channel.service".into()));
        platform.put(&narrow, "suspended");
        assert_eq!(refusal(open(&region, "ecard.issue", &narrow.id, "330106")), (409, "channel.suspended".into()));
    }

    fn a_terminal_gets_a_service_only_where_it_stands(platform) {
        let terminal = platform.terminal("330106");
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let beside = open(&region, "identity.verify", &terminal.id, "330108");
        assert_eq!(refusal(beside), (409, "terminal.division".into()));
        open(&region, "identity.verify", &terminal.id, "330106").unwrap();
        open(&region, "pay.code", &terminal.id, HANGZHOU).unwrap();
        let foreign = platform.terminal("330206");
        assert_eq!(refusal(open(&region, "pay.code", &foreign.id, HANGZHOU)), (404, "resource.not_found".into()));

        let view = region.terminal(&terminal.id).unwrap();
        let block = sdk::types::terminal::ChangeTerminalState {
            state: sdk::types::terminal::TerminalState::Blocked,
            reason: "遗失".into(),
        };
        region.change_terminal_state(&terminal.id, view.version, &block).unwrap();
        assert_eq!(refusal(open(&region, "ecard.show", &terminal.id, "330106")), (409, "terminal.blocked".into()));
    }

    fn what_is_opened_must_exist(platform) {
        let channel = platform.channel();
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        for (service, to, division) in [
            ("magic.wand", channel.id.as_str(), "330106"),
            ("pay.code", "org_1", "330106"),
            ("pay.code", channel.id.as_str(), "33"),
        ] {
            assert_eq!(refusal(open(&region, service, to, division)), (422, "request.fields".into()));
        }
        let nobody = platform.world().id(domain::id::ChannelId::make).to_string();
        assert_eq!(refusal(open(&region, "pay.code", &nobody, "330106")), (404, "resource.not_found".into()));
        assert_eq!(refusal(region.close_opening("opn_nonsense", &ended())), (404, "resource.not_found".into()));
    }

    /// CH-5.2
    fn openings_are_seen_from_their_area_and_by_the_owner_of_the_target(platform) {
        let (channel, terminal) = (platform.channel(), platform.terminal("330206"));
        let ministry = platform.staff(Role::MinistryReviewer, "000000");
        let hangzhou = open(&ministry, "pay.code", &channel.id, HANGZHOU).unwrap();
        let ningbo = open(&ministry, "pay.code", &terminal.id, "330200").unwrap();
        let seen = |staff: &Staff| staff.openings().map(|o| o.unwrap().opening_id).collect::<Vec<_>>();
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        assert_eq!(seen(&region), std::slice::from_ref(&hangzhou.opening_id));
        assert_eq!(refusal(region.close_opening(&ningbo.opening_id, &ended())), (404, "resource.not_found".into()));
        assert_eq!(seen(&platform.staff(Role::ChannelAdmin, HANGZHOU)), std::slice::from_ref(&hangzhou.opening_id));
        assert_eq!(seen(&platform.staff(Role::DepartmentClerk, "330206")), std::slice::from_ref(&ningbo.opening_id));
        let stranger = platform.staff_of(Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, HANGZHOU));
        assert_eq!(seen(&stranger), [] as [&str; 0]);
        assert_eq!(seen(&ministry).len(), 2);
    }
}
