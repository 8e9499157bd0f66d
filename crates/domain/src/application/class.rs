//! The class of a channel, from what its owner unit is (CH-3.0).
//!
//! Invariant: every owner falls into exactly one of the six classes, whatever the form of the channel; the classes
//! are asked in the order of the article, and the first that holds is the one. The grounds say why each earlier one
//! does not hold, for the applicant and for the reviewers.

use crate::channel::Class;
use crate::name::names;
use serde::{Deserialize, Serialize};

names! {
    /// What the owner unit is.
    Unit {
        /// 人社部门, of any level.
        Hrss = "hrss",
        /// Another government department, of any level.
        Government = "government",
        /// 银行.
        Bank = "bank",
        /// 医院.
        Hospital = "hospital",
        /// 药店.
        Pharmacy = "pharmacy",
        /// Anything else.
        Company = "company",
    }
    /// Whether the owner has signed 《社会保障卡创新应用服务合作协议》 with the ministry (CH-3.3).
    Innovation {
        /// It has.
        Signed = "signed",
        /// It has not.
        Unsigned = "unsigned",
    }
}

/// Why a class holds or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationGround))]
pub struct Ground {
    /// The class.
    pub class: Class,
    /// The clause that says who is of it.
    pub clause: String,
    /// Whether it holds.
    pub holds: bool,
    /// The Chinese sentence.
    pub zh: String,
    /// The English sentence.
    pub en: String,
}

/// The class of a channel of such an owner.
pub const fn decide(unit: Unit, innovation: Innovation) -> Class {
    match (unit, innovation) {
        (Unit::Hrss, _) => Class::Hrss,
        (Unit::Government, _) => Class::Government,
        (Unit::Bank | Unit::Hospital | Unit::Pharmacy | Unit::Company, Innovation::Signed) => {
            Class::NationalSigned
        }
        (Unit::Bank, Innovation::Unsigned) => Class::Bank,
        (Unit::Hospital | Unit::Pharmacy, Innovation::Unsigned) => Class::Medical,
        (Unit::Company, Innovation::Unsigned) => Class::Social,
    }
}

/// Why: the classes in the order of the article, up to the one that holds.
pub fn grounds(unit: Unit, innovation: Innovation) -> Vec<Ground> {
    let decided = decide(unit, innovation);
    let asked = [
        (Class::Hrss, "CH-3.1", "人社部门开办", "run by a department of human resources and social security"),
        (Class::Government, "CH-3.2", "其他政府部门开办", "run by another government department"),
        (
            Class::NationalSigned,
            "CH-3.3",
            "与部里签署创新应用服务合作协议",
            "the owner has signed the innovation agreement with the ministry",
        ),
        (Class::Bank, "CH-3.4", "未签署创新协议的银行开办", "run by a bank without that agreement"),
        (Class::Medical, "CH-3.5", "医院、药店开办", "run by a hospital or a pharmacy"),
        (Class::Social, "CH-3.6", "不属于前五类", "of none of the five others"),
    ];
    let mut grounds = Vec::new();
    for (class, clause, zh, en) in asked {
        let holds = class == decided;
        let (said_zh, said_en) =
            if holds { ("符合：", "holds: ") } else { ("不符合：", "does not hold: ") };
        grounds.push(Ground {
            class,
            clause: clause.to_owned(),
            holds,
            zh: format!("{said_zh}{zh}"),
            en: format!("{said_en}{en}"),
        });
        if holds {
            break;
        }
    }
    grounds
}

/// Whether a channel of the class also signs the co-operation agreement with the operator (CH-9.3e, R22, R23).
pub const fn needs_agreement(class: Class) -> bool {
    match class {
        Class::Hrss | Class::Government => false,
        Class::NationalSigned | Class::Bank | Class::Medical | Class::Social => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CH-3.0, CH-3.1, CH-3.2, CH-3.3, CH-3.4, CH-3.5, CH-3.6: the whole table.
    #[test]
    fn an_owner_has_one_class_and_is_told_why() {
        use Innovation::{Signed, Unsigned};
        for (unit, innovation, class, asked) in [
            (Unit::Hrss, Unsigned, Class::Hrss, 1),
            (Unit::Hrss, Signed, Class::Hrss, 1),
            (Unit::Government, Unsigned, Class::Government, 2),
            (Unit::Government, Signed, Class::Government, 2),
            (Unit::Bank, Signed, Class::NationalSigned, 3),
            (Unit::Hospital, Signed, Class::NationalSigned, 3),
            (Unit::Company, Signed, Class::NationalSigned, 3),
            (Unit::Bank, Unsigned, Class::Bank, 4),
            (Unit::Hospital, Unsigned, Class::Medical, 5),
            (Unit::Pharmacy, Unsigned, Class::Medical, 5),
            (Unit::Company, Unsigned, Class::Social, 6),
        ] {
            assert_eq!(decide(unit, innovation), class, "{unit} {innovation}");
            let grounds = grounds(unit, innovation);
            assert_eq!(grounds.len(), asked);
            let holds: Vec<_> = grounds.iter().filter(|ground| ground.holds).map(|g| g.class).collect();
            assert_eq!(holds, [class]);
        }
    }

    /// CH-9.3e, R22, R23.
    #[test]
    fn every_class_but_the_first_two_signs_the_cooperation_agreement() {
        for class in Class::ALL {
            let public = matches!(class, Class::Hrss | Class::Government);
            assert_eq!(needs_agreement(*class), !public, "{class}");
        }
    }
}
