//! Names of people who do not exist.

use super::census::Rng;

/// The commonest surnames, each about as often as it occurs among the others.
const SURNAMES: &str = "王王王李李李张张张刘刘陈陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤";
/// Characters of given names.
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红建文辉力梅琳鑫宇浩然子轩涵怡欣嘉俊泽思雨晨梓雅婷博昊天佳慧诗颖晓东海波宁安国庆春生福荣贵德志成林森山川云飞雪松柏";
/// Characters that many systems cannot write, each of a different plane or edition of the standard.
const RARE: &str = "䶮𬭊𠅤㛃䲟𫖯𬬻龘犇淼";
/// Parts of transliterated names.
const TRANSLITERATED: &[&str] =
    &["阿里木", "买买提", "古丽娜", "迪丽热巴", "艾力", "吐尔逊", "卓玛", "扎西", "次仁", "巴特尔", "其其格"];
/// Names in Latin letters.
const FORENAMES: &[&str] = &["JOHN", "MARIA", "Anna", "Pierre", "Yuki", "Olga", "David", "Linh", "J. R."];
/// Surnames in Latin letters.
const FAMILIES: &[&str] = &["SMITH", "MUELLER", "Nguyen", "Dupont", "Tanaka", "O'Brien", "Garcia", "Ivanova"];

/// The name of a citizen: 1 in 200 has a rare character, 1 in 100 is transliterated.
pub fn resident(rng: &mut Rng) -> String {
    match rng.below(400) {
        0 | 1 => format!("{}{}", pick(rng, SURNAMES), pick(rng, RARE)),
        2..6 => format!("{}·{}", rng.choose(TRANSLITERATED), rng.choose(TRANSLITERATED)),
        n if n % 5 == 0 => format!("{}{}", pick(rng, SURNAMES), pick(rng, GIVEN)),
        _ => format!("{}{}{}", pick(rng, SURNAMES), pick(rng, GIVEN), pick(rng, GIVEN)),
    }
}

/// The name of somebody from abroad.
pub fn foreign(rng: &mut Rng) -> String {
    format!("{} {}", rng.choose(FORENAMES), rng.choose(FAMILIES))
}

/// One character of a text of Chinese characters.
fn pick(rng: &mut Rng, from: &str) -> char {
    // Most characters have three bytes, so a place in the text is found near its byte; the loop ends at a boundary.
    let mut at = usize::try_from(rng.below(from.len() as u64)).unwrap_or_default();
    while !from.is_char_boundary(at) {
        at -= 1;
    }
    from[at..].chars().next().unwrap_or('一')
}
