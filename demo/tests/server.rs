//! The server over a real socket, as far as it goes without a browser.

use switchboard_demo::{Demo, Headers, Options};

#[tokio::test]
async fn it_starts_and_knows_where_everything_is() {
    let demo = Demo::start(Options::default()).await.unwrap();
    assert!(
        demo.crm_url(Headers::CspSelf, "/contacts")
            .ends_with("/csp-self/contacts")
    );
    assert!(
        demo.widget_base()
            .starts_with("https://widget.example-phone.test:")
    );
    assert_eq!(demo.spki_hash().len(), 44);
    assert!(demo.widgets().is_empty());
}
