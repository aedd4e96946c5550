#pragma once

#include <memory>
#include <string_view>

#include "flamigo/jwt/jwt_algorithm.hpp"

struct evp_pkey_st;

namespace flamigo::detail {

/// Makes a key of the content of `jwt_options::key`. Throws
/// `std::invalid_argument`, with a sentence that says what to do and has
/// nothing of the key in it, for one that is too weak or meant for something
/// else.
std::shared_ptr<evp_pkey_st> load_jwt_key(jwt_algorithm algorithm,
                                          std::string_view key);

} // namespace flamigo::detail
