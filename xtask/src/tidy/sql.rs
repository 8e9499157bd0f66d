//! One SQL for two databases: the words that only one of them understands, or that mean two things.
//!
//! Looks at `sql!("…")` literals and at migrations. The two arms of `sql!(postgres: …, sqlite: …)` and the
//! migrations of one database may say what they like, but there may only be [`FORCED`] of them.

use super::{File, Finding, Tree};

/// How many statements and migrations may be written twice. Raise it with a reason, lower it with joy.
const FORCED: usize = 45;

/// What must not stand in portable SQL, and what to do instead. Words and signs, in lower case.
const FOREIGN: [(&[&str], &str); 14] = [
    (&["autoincrement", "auto_increment", "nextval", "currval"], "ids come from the program"),
    (
        &["create sequence", "create trigger", "create function", "create procedure"],
        "the rule belongs to `domain`",
    ),
    (&["now (", "datetime (", "date (", "strftime", "julianday", "unixepoch"], "time is a parameter"),
    (&["current_timestamp", "current_date", "current_time"], "time is a parameter"),
    (&["extract (", "to_timestamp", "interval"], "time is a bigint in microseconds"),
    (&["random (", "gen_random_uuid"], "randomness is a parameter"),
    (&["returning *", "select *"], "name the columns"),
    (&["listen", "notify"], "nothing but tables connects two processes"),
    (&["for update", "for share"], "`lock_one` adds it where it is understood"),
    (&[": :"], "write `cast(x as t)`"),
    (&["ilike", "glob", "similar to", "ifnull", "nvl"], "compare normalised text; write `coalesce`"),
    (&["insert or", "replace into"], "write `on conflict`"),
    (
        &["group_concat", "string_agg", "array_agg", "unnest"],
        "put sets together in the façade or in the program",
    ),
    (&["pragma", "vacuum", "rowid", "without rowid"], "settings and table options belong to the façade"),
];
/// Types that columns and casts may not have; all are fine names of columns.
const FOREIGN_TYPES: [&str; 19] = [
    "serial",
    "bigserial",
    "integer",
    "int",
    "smallint",
    "boolean",
    "bool",
    "real",
    "float",
    "double",
    "numeric",
    "varchar",
    "char",
    "uuid",
    "timestamp",
    "timestamptz",
    "date",
    "json",
    "jsonb",
];
const TYPES_ADVICE: &str = "columns are `bigint`, `text` or `bytea`";
const FOREIGN_PREFIXES: [(&str, &str); 3] = [
    ("pg_", "catalogues and advisory locks are PostgreSQL's own"),
    ("sqlite_", "the schema table is SQLite's own"),
    ("json_", "JSON is text that the program decodes"),
];

/// Words in portable SQL that one of the databases does not know.
pub fn portable(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        for call in source.calls("sql").iter().filter(|call| !is_forced(call.code)) {
            for literal in &call.literals {
                complain(file, source.line(literal.offset), &literal.text, &mut findings);
            }
        }
    }
    for file in tree.with_extension("sql").filter(|file| !is_for_one_database(file)) {
        complain(file, 1, &file.text, &mut findings);
    }
    findings
}

/// More doubled statements than agreed, shown at the last one.
pub fn forced(tree: &Tree) -> Vec<Finding> {
    let mut places: Vec<(&File, usize)> = Vec::new();
    for (file, source) in tree.rust() {
        let calls = source.calls("sql").into_iter().filter(|call| is_forced(call.code));
        places.extend(calls.map(|call| (file, source.line(call.offset))));
    }
    places.extend(tree.with_extension("sql").filter(|file| is_for_one_database(file)).map(|file| (file, 1)));
    let message = format!(
        "{} statements are written twice, {FORCED} are agreed in xtask/src/tidy/sql.rs",
        places.len()
    );
    places.get(FORCED).map(|(file, line)| Finding::new(file, *line, message)).into_iter().collect()
}

fn is_forced(code: &str) -> bool {
    code.contains("postgres:") || code.contains("sqlite:")
}

fn is_for_one_database(file: &File) -> bool {
    file.path.ends_with(".postgres.sql") || file.path.ends_with(".sqlite.sql")
}

fn complain(file: &File, first_line: usize, sql: &str, findings: &mut Vec<Finding>) {
    let (lines, words): (Vec<usize>, Vec<String>) = tokens(sql).into_iter().unzip();
    for (index, line) in lines.iter().enumerate() {
        let (before, here) = words.split_at(index);
        if let Some((word, advice)) = foreign(before, here) {
            findings.push(Finding::new(
                file,
                first_line + line,
                format!("`{word}` is not portable: {advice}"),
            ));
        }
    }
}

/// What is wrong with the first of the words `here`, if anything is.
fn foreign(before: &[String], here: &[String]) -> Option<(&'static str, &'static str)> {
    let starts = |pattern: &str| {
        pattern.split(' ').enumerate().all(|(step, word)| here.get(step).is_some_and(|found| found == word))
    };
    let word = |(patterns, advice): &(&[&'static str], &'static str)| {
        patterns.iter().find(|pattern| starts(pattern)).map(|pattern| (*pattern, *advice))
    };
    let type_word = || FOREIGN_TYPES.iter().find(|name| starts(name)).map(|name| (*name, TYPES_ADVICE));
    FOREIGN
        .iter()
        .find_map(word)
        .or_else(|| FOREIGN_PREFIXES.iter().copied().find(|(prefix, _)| here[0].starts_with(prefix)))
        .or_else(|| is_type_position(before).then(type_word).flatten())
}

/// Whether a type follows: after `as`, and after the name in a list of columns.
fn is_type_position(before: &[String]) -> bool {
    match before {
        [.., word] if word == "as" => true,
        [.., bracket, name] => (bracket == "(" || bracket == ",") && name != "select" && name != "distinct",
        _ => false,
    }
}

/// Words and signs in lower case with their lines from zero, without comments, quoted text and spaces.
fn tokens(sql: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in sql.lines().enumerate() {
        let line = line.split("--").next().unwrap_or_default();
        for piece in line.split('\'').step_by(2) {
            let mut word = String::new();
            for letter in piece.chars().chain([' ']) {
                if letter.is_alphanumeric() || letter == '_' {
                    word.extend(letter.to_lowercase());
                    continue;
                }
                if !word.is_empty() {
                    found.push((number, std::mem::take(&mut word)));
                }
                if !letter.is_whitespace() {
                    found.push((number, letter.to_string()));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::tests::lines;
    use super::*;

    const PATH: &str = "crates/store/src/card.rs";

    #[test]
    fn every_foreign_word_is_found() {
        let prefixes = FOREIGN_PREFIXES.iter().map(|(prefix, _)| *prefix);
        let types =
            FOREIGN_TYPES.iter().flat_map(|name| [format!("(id {name}"), format!("cast(id as {name})")]);
        for pattern in FOREIGN
            .iter()
            .flat_map(|(patterns, _)| *patterns)
            .copied()
            .chain(prefixes)
            .map(str::to_owned)
            .chain(types)
        {
            let text = format!("sql!(\n\"select a {} b\")", pattern.to_uppercase());
            assert_eq!(lines(portable, PATH, &text)[0], 2, "{pattern}");
            assert_eq!(
                lines(portable, "migrations/0001_a.sql", &format!("\n\n{pattern}"))[0],
                3,
                "{pattern}"
            );
        }
    }

    #[test]
    fn portable_sql_is_left_alone() {
        let text = r#"sql!("select cast(sum(amount_fen) as bigint), created_at -- now() in a comment
            from (select date from key) where serial < $2 and (uuid, date) in (select real, date from t) and state = 'returning * now()' and interval_seconds > $1")"#;
        assert_eq!(lines(portable, PATH, text), []);
        assert_eq!(lines(portable, PATH, "other!(\"select now()\")"), []);
    }

    #[test]
    fn the_arms_of_a_forced_statement_may_say_what_they_like() {
        assert_eq!(lines(portable, PATH, "sql!(postgres: \"select now()\", sqlite: \"pragma x\")"), []);
        assert_eq!(lines(portable, "migrations/0002_b.postgres.sql", "select now()"), []);
    }

    #[test]
    fn forced_statements_are_counted() {
        let text = "sql!(postgres: \"a\", sqlite: \"b\");\n";
        assert_eq!(lines(forced, PATH, &text.repeat(FORCED)), []);
        assert_eq!(lines(forced, PATH, &text.repeat(FORCED + 1)), [FORCED + 1]);
    }
}
