//! What a company is by the register of companies: stated when it registers or later, and read by whoever reviews.

use crate::application::{Actor, open_application};
use crate::harness::refusal;
use crate::registration::filed;
use domain::id::OrgId;
use domain::org::{OrgKind, Role};
use sdk::client::Staff;
use sdk::types::Private;
use sdk::types::audit::TrailFilter;
use sdk::types::company::StateCompany;
use sdk::types::registration::OpenRegistration;
use serde_json::{Value, json};

fn stated(name: &str, registered_on: &str) -> StateCompany {
    StateCompany { legal_representative: name.into(), registered_on: registered_on.into() }
}

on_both! {
    /// CH-7.1, CH-F2.3: what a company states when it registers is seen by those who decide, and stands with its organisation.
    fn what_a_company_registers_stands_with_its_organisation(platform) {
        let admin = platform.operator();
        let id = filed(platform).registration_id;
        let seen = admin.registration(&id).unwrap();
        assert_eq!(
            (seen.legal_representative.as_deref(), seen.registered_on.as_deref(), seen.old_enough_on.as_deref()),
            (Some("赵敏"), Some("2015-06-01"), Some("2016-06-01"))
        );
        assert!(seen.full_years.unwrap() >= 10);
        admin.confirm_registration(&id, seen.version).unwrap();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let version = security.registration(&id).unwrap().version;
        let login = OpenRegistration { login: format!("minsheng{}", platform.unique()) };
        security.open_registration(&id, version, &login).unwrap();
        let org: OrgId = security.registration(&id).unwrap().org_id.unwrap().parse().unwrap();
        let company = platform.staff_of(Role::ChannelAdmin, org).company().unwrap();
        assert_eq!((company.legal_representative.as_deref(), company.registered_on.as_deref()), (Some("赵敏"), Some("2015-06-01")));
        assert_eq!(company.version, 1);
    }

    /// CH-F2.3: an organisation of before is asked when it applies; nothing is invented, and whoever reviews reads it.
    fn an_organisation_of_before_states_it_when_it_applies(platform) {
        let org = platform.new_org(OrgKind::ChannelOwner, "330000");
        let token = platform.token(platform.world(), Role::ChannelAdmin, org);
        let owner = Staff::with_token(&platform.config(platform.world()), Private::new(token.expose())).unwrap();
        let none = owner.company().unwrap();
        assert_eq!((none.legal_representative, none.registered_on, none.full_years, none.version), (None, None, None, 0));
        let matter = open_application(platform, &Actor(token));
        let clerk = platform.staff(Role::OperatorClerk, "000000");
        assert_eq!(clerk.company_of_matter(&matter).unwrap().registered_on, None);

        assert_eq!(refusal(owner.state_company(0, &stated("赵敏", "2999-01-01"))).0, 422);
        let first = owner.state_company(0, &stated("赵敏", "2015-06-01")).unwrap();
        assert_eq!((first.version, first.registered_on.as_deref()), (1, Some("2015-06-01")));
        assert_eq!(refusal(owner.state_company(0, &stated("李蕾", "2015-06-01"))), (412, "resource.stale".into()));
        let again = owner.state_company(1, &stated("李蕾", "2015-06-02")).unwrap();
        assert_eq!((again.version, again.legal_representative.as_deref()), (2, Some("李蕾")));
        assert_eq!(clerk.company_of_matter(&matter).unwrap().legal_representative.as_deref(), Some("李蕾"));

        owner.state_company(2, &stated("王芳", "2015-06-02")).unwrap();
        let auditor = platform.staff(Role::AuditAdmin, "000000");
        let trail = auditor.trail(&org.to_string(), &TrailFilter { action: Some("company.stated"), ..TrailFilter::default() });
        let trail: Vec<_> = trail.unwrap().map(|entry| serde_json::to_value(entry.unwrap()).unwrap()).collect();
        let fields = |entry: &Value| -> Vec<String> {
            entry["changes"].as_array().unwrap().iter().map(|change| change["field"].as_str().unwrap().to_owned()).collect()
        };
        let told: Vec<_> = trail.iter().map(fields).collect();
        let both = vec!["legal_representative".to_owned(), "registered_on".to_owned()];
        assert_eq!((trail.len(), told.iter().filter(|one| **one == both).count()), (3, 2), "{trail:?}");
        assert!(told.contains(&vec!["legal_representative".to_owned()]), "a day that stays is no change: {trail:?}");
        assert!(["赵敏", "李蕾", "王芳"].iter().all(|name| !format!("{trail:?}").contains(name)), "no name is on record");

        let engineer = platform.staff_of(Role::ChannelEngineer, org);
        assert_eq!(engineer.company().unwrap().version, 3);
        assert_eq!(refusal(engineer.state_company(3, &stated("王芳", "2015-06-02"))), (403, "staff.role".into()));
        assert_eq!(refusal(clerk.state_company(0, &stated("王芳", "2015-06-02"))), (403, "matter.party".into()));
        let far = platform.staff_of(Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, "310000"));
        assert_eq!(refusal(far.company_of_matter(&matter)).0, 404);
    }

    /// CH-7.1: every wrong field is named.
    fn what_is_wrong_with_it_is_named(platform) {
        let owner = Actor::owner(platform);
        let path = "/api/v1/company";
        let headers = [("if-match", "\"0\""), ("content-type", "application/json")];
        let bearer = format!("Bearer {}", owner.0.expose());
        let all = [headers[0], headers[1], ("authorization", bearer.as_str())];
        let body = json!({"legal_representative": " ", "registered_on": "昨天"}).to_string();
        let refused = platform.request("POST", path, &all, body.as_bytes());
        let named: Vec<Value> =
            refused.json()["errors"].as_array().unwrap().iter().map(|error| error["pointer"].clone()).collect();
        assert_eq!((refused.status, named), (422, vec![json!("/legal_representative"), json!("/registered_on")]));
    }
}
