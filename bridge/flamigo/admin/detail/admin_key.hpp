#pragma once

#include <memory>

#include "flamigo/api/detail/key_store.hpp"
#include "flamigo/auth/authenticator.hpp"
#include "flamigo/claims/claims.hpp"
#include "flamigo/claims/validator.hpp"

namespace flamigo::detail {

/// Makes whoever shows a key with the scope `admin` a user with its name.
authenticator admin_authenticator(std::shared_ptr<const key_store> keys);

/// Lets those pass whose key is one still: the file may have been read again
/// since it was shown.
validator is_admin(std::shared_ptr<const key_store> keys);

} // namespace flamigo::detail
