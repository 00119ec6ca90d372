//! Opening a PKCS#11 token: loading the vendor's library, logging in, finding the key and looking at what it may do.
//!
//! A wrong PIN is tried once and not again until its file has changed: a token locks itself after a few.

use std::path::Path;

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    slot::Slot,
    types::AuthPin,
};
use zeroize::Zeroizing;

use crate::{
    provider::pkcs11::Pkcs11Place,
    secret_file::{self, Rule},
};

/// An open session and the key in it. Dropping it logs out.
pub(super) struct Token {
    pub(super) session: Session,
    pub(super) key: ObjectHandle,
}

/// The way to a token, open or not.
pub(super) struct Door {
    place: Pkcs11Place,
    library: Option<Pkcs11>,
    token: Option<Token>,
    /// The PIN that the token refused last.
    refused: Option<Zeroizing<String>>,
}

impl Door {
    pub(super) fn new(place: Pkcs11Place) -> Self {
        Self { place, library: None, token: None, refused: None }
    }

    pub(super) fn is_open(&self) -> bool {
        self.token.is_some()
    }

    pub(super) fn close(&mut self) {
        self.token = None;
    }

    /// The open token. The error is a sentence for the operator.
    pub(super) fn open(&mut self) -> Result<&Token, String> {
        let token = match self.token.take() {
            Some(token) => token,
            None => self.unlock()?,
        };
        Ok(self.token.insert(token))
    }

    fn unlock(&mut self) -> Result<Token, String> {
        let library = match self.library.take() {
            Some(library) => library,
            None => load(&self.place.module)?,
        };
        let library = &*self.library.insert(library);
        let slot = find_slot(library, &self.place.token)?;
        let session = library.open_ro_session(slot).map_err(|error| spell(&error))?;
        let pin = secret_file::read_text(&self.place.pin, Rule::Private).map_err(|error| error.to_string())?;
        let pin = Zeroizing::new(pin.trim_end_matches(['\r', '\n']).to_owned());
        let file = self.place.pin.display();
        if self.refused.as_ref() == Some(&pin) {
            return Err(format!("the token refused the PIN in {file}, and it is not tried again before it changes"));
        }
        match session.login(UserType::User, Some(&AuthPin::from(pin.as_str()))) {
            // Another provider of this process has opened the same token.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => self.refused = None,
            Err(error @ Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _)) => {
                self.refused = Some(pin);
                return Err(format!("the token refuses the PIN in {file} ({})", spell(&error)));
            }
            Err(error) => return Err(spell(&error)),
        }
        let key = find_key(&session, &self.place)?;
        Ok(Token { session, key })
    }
}

fn load(module: &Path) -> Result<Pkcs11, String> {
    let library = Pkcs11::new(module).map_err(|error| format!("cannot load {}: {error}", module.display()))?;
    match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        // By another provider of this process: a library is initialized once.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(library),
        Err(error) => Err(spell(&error)),
    }
}

fn find_slot(library: &Pkcs11, label: &str) -> Result<Slot, String> {
    let slots = library.get_slots_with_initialized_token().map_err(|error| spell(&error))?;
    let ours = |slot: &Slot| library.get_token_info(*slot).is_ok_and(|token| token.label().trim_end() == label);
    let found: Vec<_> = slots.into_iter().filter(ours).collect();
    match *found {
        [slot] => Ok(slot),
        [] => Err(format!("there is no token labelled {label}")),
        _ => Err(format!("there is more than one token labelled {label}")),
    }
}

fn find_key(session: &Session, place: &Pkcs11Place) -> Result<ObjectHandle, String> {
    let label = &place.key;
    let mut template = vec![
        Attribute::Class(ObjectClass::SECRET_KEY),
        Attribute::KeyType(KeyType::AES),
        Attribute::Token(true),
        Attribute::Label(label.clone().into_bytes()),
    ];
    template.extend(place.key_ident.clone().map(Attribute::Id));
    let key = match *session.find_objects(&template).map_err(|error| spell(&error))? {
        [key] => key,
        [] => return Err(format!("the token has no AES key labelled {label}")),
        _ => return Err(format!("the token has more than one AES key labelled {label}; say which by its id")),
    };
    let asked = [AttributeType::ValueLen, AttributeType::Extractable, AttributeType::Sensitive];
    let attributes = session.get_attributes(key, &asked).map_err(|error| spell(&error))?;
    if attributes.contains(&Attribute::Extractable(true)) || attributes.contains(&Attribute::Sensitive(false)) {
        return Err(format!("the key labelled {label} can be taken out of the token; make one that cannot"));
    }
    if !attributes.contains(&Attribute::ValueLen(32_u64.into())) {
        return Err(format!("the key labelled {label} is not of 256 bits"));
    }
    Ok(key)
}

/// The function and the code, as the standard writes them; never what was encrypted.
pub(super) fn spell(error: &Error) -> String {
    match error {
        Error::Pkcs11(code, function) => format!("C_{function:?} answered {code:?}"),
        other => other.to_string(),
    }
}
