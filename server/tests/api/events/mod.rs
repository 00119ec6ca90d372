//! One test for each documented event code: something happens that emits it, on a real service; every log is exported
//! and verified; there is a record of the code, and no record of any code lacks what it must hold or holds a word
//! that was said to the model or by it.
//!
//! To add a code: a line in the list below and, if no scenario emits it yet, a scenario, as cheap as it can be: it
//! runs once for each of its codes. What its records must hold is in [`mandatory`].

mod logs;
mod mandatory;
mod scenarios_accounts;
mod scenarios_audit;
mod scenarios_backup;
mod scenarios_federation;
mod scenarios_inference;
mod scenarios_keys;
mod scenarios_policy;
mod scenarios_service;
mod scenarios_sign_in;
mod scene;

use std::collections::BTreeSet;

use leeward_ledger::EventCode;
use scenarios_accounts as accounts;
use scenarios_audit as audit;
use scenarios_backup as backup;
use scenarios_federation as federation;
use scenarios_inference as inference;
use scenarios_keys as keys;
use scenarios_policy as policy;
use scenarios_service as service;
use scenarios_sign_in as sign_in;
use scene::{CANARY, Scene, holds};

macro_rules! one_test_for_each {
    ($($name:ident: $code:ident, by $scenario:path;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                documented(EventCode::$code, &$scenario().await).await;
            }
        )+

        /// Every code and the name of its test.
        const TESTED: &[(EventCode, &str)] = &[$((EventCode::$code, stringify!($name))),+];
    };
}

one_test_for_each! {
    service_started: ServiceStarted, by service::started;
    service_stopped: ServiceStopped, by service::stopped;
    service_egress_test_succeeded: EgressHeld, by service::started;
    service_egress_test_failed: EgressLeaked, by service::a_leak;
    auth_login_succeeded: LoginSucceeded, by sign_in::signed_in;
    auth_login_failed: LoginFailed, by sign_in::wrong_password;
    auth_first_factor_succeeded: FirstFactorSucceeded, by sign_in::signed_in;
    auth_second_factor_succeeded: SecondFactorSucceeded, by sign_in::second_factors;
    auth_second_factor_failed: SecondFactorFailed, by sign_in::second_factors;
    auth_login_throttled: LoginThrottled, by sign_in::guesses;
    auth_password_change_succeeded: PasswordChanged, by sign_in::signed_in;
    auth_password_change_failed: PasswordChangeFailed, by sign_in::a_weak_password;
    auth_session_revoke_succeeded: SessionRevoked, by sign_in::sessions_ended;
    auth_factor_enrol_succeeded: FactorEnrolled, by sign_in::a_factor_set_up;
    auth_factor_enrol_failed: FactorEnrolFailed, by sign_in::a_factor_not_set_up;
    auth_factor_remove_succeeded: FactorRemoved, by sign_in::a_factor_removed;
    auth_guest_accept_succeeded: GuestAccepted, by sign_in::an_invitation_accepted;
    auth_guest_accept_failed: GuestRefused, by sign_in::an_invitation_refused;
    auth_logout_succeeded: LoggedOut, by sign_in::signed_out;
    auth_access_refused: AccessRefused, by sign_in::refused_at_the_door;
    tenant_create_succeeded: TenantCreated, by accounts::a_tenant_made;
    tenant_create_failed: TenantCreateFailed, by accounts::a_tenant_not_made;
    user_create_succeeded: UserCreated, by accounts::a_user_made;
    user_create_failed: UserCreateFailed, by accounts::a_user_not_made;
    user_update_succeeded: UserUpdated, by accounts::a_user_changed;
    user_update_failed: UserUpdateFailed, by accounts::a_user_not_changed;
    tenant_update_succeeded: TenantUpdated, by accounts::a_tenant_suspended;
    tenant_update_failed: TenantUpdateFailed, by accounts::a_tenant_not_suspended;
    tenant_delete_succeeded: TenantDeleted, by accounts::a_tenant_deleted;
    user_delete_succeeded: UserDeleted, by accounts::a_user_deleted;
    user_delete_failed: UserDeleteFailed, by accounts::a_user_not_deleted;
    role_create_succeeded: RoleCreated, by accounts::roles;
    role_update_succeeded: RoleUpdated, by accounts::roles;
    role_delete_succeeded: RoleDeleted, by accounts::roles;
    role_change_failed: RoleChangeFailed, by accounts::a_role_not_made;
    group_create_succeeded: GroupCreated, by accounts::groups;
    group_update_succeeded: GroupUpdated, by accounts::groups;
    group_delete_succeeded: GroupDeleted, by accounts::groups;
    group_change_failed: GroupChangeFailed, by accounts::a_group_not_made;
    policy_sign_in_update_succeeded: SignInPolicyUpdated, by accounts::a_policy_changed;
    policy_sign_in_update_failed: SignInPolicyUpdateFailed, by accounts::a_policy_not_changed;
    policy_residency_propose_succeeded: PolicyProposed, by policy::a_change_of_policy;
    policy_residency_propose_failed: PolicyProposeFailed, by policy::no_change_of_policy;
    policy_residency_approve_succeeded: PolicyApproved, by policy::a_change_of_policy;
    policy_residency_approve_failed: PolicyApproveFailed, by policy::no_change_of_policy;
    policy_residency_withdraw_succeeded: PolicyWithdrawn, by policy::no_change_of_policy;
    policy_residency_withdraw_failed: PolicyWithdrawFailed, by policy::no_change_of_policy;
    policy_residency_enact_succeeded: PolicyEnacted, by policy::a_change_of_policy;
    policy_residency_enact_failed: PolicyEnactFailed, by policy::a_change_of_policy;
    key_create_succeeded: KeyCreated, by keys::a_key_made;
    key_create_failed: KeyCreateFailed, by keys::a_key_not_made;
    key_revoke_succeeded: KeyRevoked, by keys::a_key_revoked;
    key_revoke_failed: KeyRevokeFailed, by keys::a_key_revoked;
    key_rotate_succeeded: KeyRotated, by keys::a_key_rotated;
    key_rotate_failed: KeyRotateFailed, by keys::a_key_rotated;
    key_kek_rotate_succeeded: KekRotated, by keys::a_kek_rotated;
    key_kek_rotate_failed: KekRotateFailed, by keys::a_kek_not_rotated;
    auth_backchannel_logout_succeeded: BackchannelLogout, by federation::signed_out_elsewhere;
    auth_backchannel_logout_failed: BackchannelLogoutRefused, by federation::signed_out_elsewhere;
    token_issue_succeeded: TokenIssued, by keys::a_token;
    token_issue_failed: TokenRefused, by keys::no_token;
    token_reuse_detected: TokenReused, by keys::a_token_shown_again;
    token_revoke_succeeded: TokenRevoked, by keys::a_token;
    token_signing_key_rotate_succeeded: SigningKeyRotated, by keys::a_signing_key;
    provider_create_succeeded: ProviderCreated, by federation::providers;
    provider_update_succeeded: ProviderUpdated, by federation::providers;
    provider_delete_succeeded: ProviderDeleted, by federation::providers;
    provider_change_failed: ProviderChangeFailed, by federation::a_provider_not_set_up;
    issuer_create_succeeded: IssuerCreated, by federation::issuers;
    issuer_update_succeeded: IssuerUpdated, by federation::issuers;
    issuer_delete_succeeded: IssuerDeleted, by federation::issuers;
    issuer_change_failed: IssuerChangeFailed, by federation::an_issuer_not_trusted;
    project_create_succeeded: ProjectCreated, by accounts::projects;
    project_update_succeeded: ProjectUpdated, by accounts::projects;
    project_delete_succeeded: ProjectDeleted, by accounts::projects;
    project_change_failed: ProjectChangeFailed, by accounts::a_project_not_made;
    break_glass_seal_succeeded: BreakGlassSealed, by sign_in::an_emergency_account_sealed;
    break_glass_unlock_succeeded: BreakGlassUnlocked, by sign_in::an_emergency_account_unlocked;
    break_glass_unlock_failed: BreakGlassRefused, by sign_in::an_emergency_account_unlocked;
    audit_read_succeeded: AuditRead, by audit::read;
    audit_attest_succeeded: Attested, by policy::an_attestation;
    audit_attest_failed: AttestFailed, by policy::no_attestation;
    audit_export_succeeded: AuditExported, by audit::exported;
    audit_log_key_rotate_succeeded: LogKeyRotated, by audit::a_key_handed_over;
    audit_restore_accepted: LogRestored, by audit::a_database_put_back;
    audit_ledger_fenced: LedgerFenced, by audit::a_disk_that_lies;
    audit_ledger_resumed: LedgerResumed, by audit::a_disk_that_lies;
    audit_space_low: SpaceLow, by audit::a_disk_that_fills_up;
    audit_space_restored: SpaceRestored, by audit::a_disk_that_fills_up;
    audit_sink_failed: SinkFailed, by audit::a_sink_that_was_away;
    audit_sink_resumed: SinkResumed, by audit::a_sink_that_was_away;
    audit_capture_update_succeeded: CaptureUpdated, by inference::something_captured;
    audit_capture_update_failed: CaptureUpdateFailed, by inference::something_captured;
    audit_captured_read_succeeded: CapturedRead, by inference::something_captured;
    audit_captured_read_failed: CapturedReadFailed, by inference::something_captured;
    audit_alert_save_succeeded: AlertSaved, by audit::alerts;
    audit_alert_delete_succeeded: AlertDeleted, by audit::alerts;
    audit_alert_change_failed: AlertChangeFailed, by audit::alerts;
    audit_alert_fired: AlertFired, by audit::alerts;
    audit_witness_failed: WitnessFailed, by audit::a_witness_that_was_away;
    audit_witness_resumed: WitnessResumed, by audit::a_witness_that_was_away;
    audit_fork_detected: ForkSeen, by audit::a_log_with_two_faces;
    telemetry_sink_allowed: TelemetryAllowed, by audit::sinks_here_and_elsewhere;
    telemetry_sink_refused: TelemetryRefused, by audit::sinks_here_and_elsewhere;
    clock_jump_detected: ClockJumped, by audit::a_clock_set_back;
    inference_admitted: InferenceIntent, by inference::answered;
    inference_completed: InferenceCompleted, by inference::answered;
    inference_cancelled: InferenceCancelled, by inference::the_reader_leaves;
    inference_aborted: InferenceAborted, by inference::the_engine_fails;
    inference_refused: InferenceRefused, by inference::the_prompt_is_too_long;
    conversation_create_succeeded: ConversationCreated, by inference::a_conversation;
    conversation_update_succeeded: ConversationUpdated, by inference::a_conversation;
    conversation_delete_succeeded: ConversationDeleted, by inference::a_conversation;
    conversation_change_failed: ConversationChangeFailed, by inference::nothing_kept;
    export_subject_succeeded: SubjectExported, by policy::what_is_kept_of_somebody;
    export_subject_failed: SubjectExportFailed, by policy::what_is_kept_of_somebody;
    hold_place_succeeded: HoldPlaced, by policy::holds;
    hold_place_failed: HoldPlaceFailed, by policy::holds;
    hold_release_succeeded: HoldReleased, by policy::holds;
    hold_release_failed: HoldReleaseFailed, by policy::holds;
    retention_expire_succeeded: RetentionExpired, by policy::an_old_conversation;
    backup_create_succeeded: BackupCreated, by backup::made_and_put_back;
    backup_create_failed: BackupCreateFailed, by backup::not_made_and_not_put_back;
    backup_expire_succeeded: BackupExpired, by backup::old_ones;
    backup_restore_succeeded: BackupRestored, by backup::made_and_put_back;
    backup_restore_failed: BackupRestoreFailed, by backup::not_made_and_not_put_back;
    model_import_succeeded: ModelImported, by service::a_model_imported;
    model_import_failed: ModelImportFailed, by service::a_model_not_imported;
    model_load_succeeded: ModelLoaded, by service::started;
    model_load_failed: ModelLoadFailed, by service::a_model_that_was_changed;
    model_unload_succeeded: ModelUnloaded, by service::a_model_let_go;
    model_bundle_succeeded: ModelBundled, by service::a_model_bundled;
    model_bundle_failed: ModelBundleFailed, by service::a_model_bundled;
    model_update_succeeded: ModelUpdated, by service::a_model_decided_about;
    model_update_failed: ModelUpdateFailed, by service::a_model_decided_about;
    model_promotion_propose_succeeded: ModelProposed, by service::a_model_decided_about;
    model_promotion_approve_succeeded: ModelPromoted, by service::a_model_decided_about;
    model_promotion_withdraw_succeeded: ModelProposalWithdrawn, by service::a_model_decided_about;
    model_promotion_failed: ModelPromotionFailed, by service::a_model_decided_about;
    model_alias_update_succeeded: AliasUpdated, by service::an_alias;
    model_alias_update_failed: AliasUpdateFailed, by service::an_alias;
    engine_worker_exited: WorkerExited, by service::a_worker_dies;
    audit_recovery_succeeded: LogRecovered, by inference::the_service_crashes;
}

async fn documented(code: EventCode, scene: &Scene) {
    let logs = logs::with(scene, code).await;
    for log in &logs {
        for secret in [CANARY, &scene.app.password, &scene.app.key] {
            assert!(!holds(&log.text, secret), "{secret:?} is in the log {}", log.name);
        }
        for record in &log.records {
            assert_eq!(mandatory::faults(record), [""; 0], "{record}");
        }
    }
    let both = |record: &serde_json::Value| {
        record["changes"].as_array().unwrap().iter().any(|change| !change["from"].is_null() && !change["to"].is_null())
    };
    if mandatory::holds_both_values(code) {
        assert!(logs::of(&logs, code).any(both), "no {code} holds the values before and after");
    }
}

#[test]
fn every_code_has_its_test_and_its_row() {
    let all: BTreeSet<&str> = EventCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(TESTED.len(), all.len(), "each once");
    assert_eq!(TESTED.iter().map(|(code, _)| code.as_str()).collect::<BTreeSet<_>>(), all);
    for (code, test) in TESTED {
        assert_eq!(code.as_str().replace('.', "_"), *test, "a test is called as its code");
    }
    let page = include_str!("../../../../docs/audit.md");
    let (_, table) = page.split_once("\n## Events\n").unwrap();
    let (table, _) = table.split_once("\n## ").unwrap();
    let rows: Vec<&str> =
        table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |")).map(|(code, _)| code).collect();
    assert_eq!(rows.len(), all.len(), "a row for each");
    assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), all, "docs/audit.md");
}
