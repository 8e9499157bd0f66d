//! The wire form of verification.

use super::service::{self, Aim, Answer, Presented};
use crate::app::Json;
use crate::auth::Caller;
use crate::wire::hex;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use sdk::types::qr::{CodeVerified, HolderView, Purpose, VerifyCode};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for callers.
pub fn routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(verify_code))
}

/// Verifies a code and spends it: answers once who shows it, if channel, department and person authorize the use.
#[utoipa::path(post, path = "/api/v1/verifications", tag = "qr", operation_id = "verify_code",
    request_body = VerifyCode, responses((status = 200, body = CodeVerified)))]
async fn verify_code(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Json(body): Json<VerifyCode>,
) -> Result<Json<CodeVerified>, Error> {
    let answer = service::verify(&world, caller, action(body)?).await?;
    Ok(Json(view(answer)))
}

fn action(body: VerifyCode) -> Result<Presented, Error> {
    let missing =
        |pointer| Error::field_text(pointer, "request.required", "此用途必填 (required for this purpose)");
    if !(1..=64).contains(&body.request_id.len()) || !body.request_id.bytes().all(|b| b.is_ascii_graphic()) {
        let message = "须为1至64个可见ASCII字符 (must be 1 to 64 visible ASCII characters)";
        return Err(Error::field_text("/request_id", "request.id", message));
    }
    let aim = match body.purpose {
        Purpose::Identity => Aim::Identity,
        Purpose::Pay => {
            let payee = body.payee_id.ok_or_else(|| missing("/payee_id"))?;
            Aim::Pay(payee.parse().map_err(|e: domain::id::Refusal| Error::field("/payee_id", &e))?)
        }
        Purpose::Service => {
            let code = body.service.ok_or_else(|| missing("/service"))?;
            Aim::Service(service::used_by_name(&code).map_err(|refusal| Error::field("/service", &refusal))?)
        }
    };
    let division = body.division.map(|text| text.parse()).transpose();
    let division = division.map_err(|e: domain::division::Refusal| Error::field("/division", &e))?;
    Ok(Presented { code: body.code, aim, division, request_id: body.request_id })
}

fn view(answer: Answer) -> CodeVerified {
    let (payment_handle, handle_expires_at) = answer.handle.unzip();
    CodeVerified {
        use_id: answer.use_id,
        verified_at: answer.verified_at.to_string(),
        pseudonym: hex::encode(&answer.pseudonym),
        sign_level: u8::try_from(answer.sign_level).unwrap_or(1),
        division: answer.division,
        holder: HolderView { name_masked: answer.name_masked, id_number_masked: answer.number_masked },
        payment_handle,
        handle_expires_at: handle_expires_at.map(|at| at.to_string()),
        replayed: answer.replayed,
    }
}
