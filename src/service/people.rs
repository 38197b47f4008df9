//! The people of a site in the book: forgotten, merged, marked, wiped.

use super::ports::{Browser, Store};
use super::{Done, Service};
use crate::phone::Numbering;
use crate::protocol::book::{
    ContactsOf, ForgetContacts, ListPeople, MarkContact, MergeContacts, PeoplePage, PersonView,
    WipeSite,
};

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    pub(super) async fn list_people(&self, _list: ListPeople) -> Done<PeoplePage> {
        Ok(PeoplePage::default())
    }

    pub(super) async fn person(&self, _of: ContactsOf) -> Done<Option<PersonView>> {
        Ok(None)
    }

    pub(super) async fn forget(&self, _forget: ForgetContacts) -> Done<()> {
        Ok(())
    }

    pub(super) async fn merge(&self, _merge: MergeContacts) -> Done<()> {
        Ok(())
    }

    pub(super) async fn mark(&self, _mark: MarkContact) -> Done<()> {
        Ok(())
    }

    pub(super) async fn wipe(&self, _wipe: WipeSite) -> Done<()> {
        Ok(())
    }

    /// Forgets whom the user chose for a number.
    pub(super) async fn unchoose(&self, _number: &str) -> Done<()> {
        Ok(())
    }
}
