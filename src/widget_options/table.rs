//! The parameters, one by one, in the order in which they are offered.

use super::Kind::{Address, Choice, Flag, Number, Text, UnlessFalse};
use super::{Kind, Reader, WidgetOption};

/// What has a field or a switch of its own, and what only our own frame sets.
pub(super) const RESERVED: [&str; 7] = [
    "clientId",
    "appKey",
    "appServer",
    "defaultAutoLogCallEnabled",
    "defaultAutoLogMessageEnabled",
    "fromAdapter",
    "_t",
];

const fn option(name: &'static str, kind: Kind, help: &'static str) -> WidgetOption {
    WidgetOption {
        name,
        kind,
        reader: Reader::Widget,
        secret: false,
        help,
    }
}

const fn secret(name: &'static str, help: &'static str) -> WidgetOption {
    WidgetOption {
        secret: true,
        ..option(name, Text, help)
    }
}

const fn of_adapter(name: &'static str, kind: Kind, help: &'static str) -> WidgetOption {
    WidgetOption {
        reader: Reader::Adapter,
        ..option(name, kind, help)
    }
}

const CALL_WITH: &[&str] = &["browser", "softphone", "ringout", "jupiter"];
const BRANDS: &[&str] = &["att", "bt", "telus", "avaya", "atos", "rainbow"];
const SIDES: &[&str] = &["left", "right"];
const YES_OR_NO: &[&str] = &["true", "false"];

/// Every parameter that can be set.
pub const ALL: [WidgetOption; 58] = [
    option(
        "defaultCallWith",
        Choice(CALL_WITH),
        "option_default_call_with",
    ),
    option(
        "enableFromNumberSetting",
        Flag,
        "option_enable_from_number_setting",
    ),
    option(
        "enableRingoutCallerId",
        Flag,
        "option_enable_ringout_caller_id",
    ),
    option(
        "showMyLocationNumbers",
        Flag,
        "option_show_my_location_numbers",
    ),
    option(
        "enableRingtoneSettings",
        Flag,
        "option_enable_ringtone_settings",
    ),
    option(
        "disableNoiseReduction",
        Flag,
        "option_disable_noise_reduction",
    ),
    option(
        "enableAudioInitPrompt",
        Flag,
        "option_enable_audio_init_prompt",
    ),
    option("enableLoadMoreCalls", Flag, "option_enable_load_more_calls"),
    option("enableVoicemailDrop", Flag, "option_enable_voicemail_drop"),
    option("enableSmartNote", Flag, "option_enable_smart_note"),
    option("enableSMSTemplate", Flag, "option_enable_sms_template"),
    option(
        "enableSharedMessages",
        Flag,
        "option_enable_shared_messages",
    ),
    option(
        "enableSmsSettingEvent",
        Flag,
        "option_enable_sms_setting_event",
    ),
    option(
        "enableTypingTimeTracking",
        Flag,
        "option_enable_typing_time_tracking",
    ),
    option("disableCall", Flag, "option_disable_call"),
    option("disableCallHistory", Flag, "option_disable_call_history"),
    option("disableMessages", Flag, "option_disable_messages"),
    option("disableReadText", Flag, "option_disable_read_text"),
    option("disableMeeting", Flag, "option_disable_meeting"),
    option("disableContacts", Flag, "option_disable_contacts"),
    option("disableGlip", UnlessFalse, "option_disable_glip"),
    option(
        "disableConferenceInvite",
        UnlessFalse,
        "option_disable_conference_invite",
    ),
    option("enableSideWidget", Flag, "option_enable_side_widget"),
    option("showSignUpButton", Flag, "option_show_sign_up_button"),
    WidgetOption {
        reader: Reader::Brand,
        ..option("brand", Choice(BRANDS), "option_brand")
    },
    option("stylesUri", Address, "option_styles_uri"),
    option("multipleTabsSupport", Flag, "option_multiple_tabs_support"),
    option(
        "disconnectInactiveWebphone",
        Flag,
        "option_disconnect_inactive_webphone",
    ),
    option(
        "disableInactiveTabCallEvent",
        Flag,
        "option_disable_inactive_tab_call_event",
    ),
    option("mainTab", Choice(YES_OR_NO), "option_main_tab"),
    option("prefix", Text, "option_prefix"),
    secret("clientSecret", "option_client_secret"),
    secret("appSecret", "option_app_secret"),
    option("discovery", Flag, "option_discovery"),
    option("discoverAppServer", Address, "option_discover_app_server"),
    option("authProxy", Flag, "option_auth_proxy"),
    option("redirectUri", Address, "option_redirect_uri"),
    option("proxyUri", Address, "option_proxy_uri"),
    secret("authorizationCode", "option_authorization_code"),
    secret(
        "authorizationCodeVerifier",
        "option_authorization_code_verifier",
    ),
    secret("jwt", "option_jwt"),
    option("externalAuthId", Text, "option_external_auth_id"),
    option("disableLoginPopup", Flag, "option_disable_login_popup"),
    of_adapter("zIndex", Number, "option_z_index"),
    of_adapter(
        "defaultDirection",
        Choice(SIDES),
        "option_default_direction",
    ),
    of_adapter("newAdapterUI", Flag, "option_new_adapter_ui"),
    of_adapter("disableMinimize", Flag, "option_disable_minimize"),
    of_adapter("notification", Flag, "option_notification"),
    of_adapter("enablePopup", Flag, "option_enable_popup"),
    of_adapter("popupPageUri", Address, "option_popup_page_uri"),
    option("appVersion", Text, "option_app_version"),
    option("userAgent", Text, "option_user_agent"),
    option("enableAnalytics", Flag, "option_enable_analytics"),
    option("enableErrorReport", Flag, "option_enable_error_report"),
    secret("errorReportToken", "option_error_report_token"),
    option(
        "errorReportSampleRate",
        Number,
        "option_error_report_sample_rate",
    ),
    option(
        "errorReportProjectId",
        Text,
        "option_error_report_project_id",
    ),
    option("enableWebRTCPlanB", Flag, "option_enable_web_rtc_plan_b"),
];
