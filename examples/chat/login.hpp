#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/serving.hpp>

namespace chat {

/// What a login is answered.
struct session {
  std::string token;
  /// In seconds.
  std::int64_t expiresIn; // NOLINT: as JavaScript reads it
};

BOOST_DESCRIBE_STRUCT(session, (), (token, expiresIn))

/// What the tokens of this chat are: the login issues them, the server verifies
/// them. Their key is what is in the file; without one, every call makes a new
/// one. Throws std::runtime_error for a file that cannot be read, or is empty.
flamigo::jwt_options token_options(const std::string& secret_file = {});

/// `POST /login`: takes `{"name": "Ada"}` and answers a session, or 400 and the
/// error that a strategy would answer.
///
/// For a demo only: it asks for no proof, so anybody can be anybody. A real
/// program asks for a password here, or has an identity provider that issues
/// the tokens, and then it needs a verifier only.
class login {
public:
  static constexpr std::chrono::minutes lifetime{15};

  login(flamigo::jwt_issuer issuer, std::vector<std::string> moderators);

  flamigo::http_response operator()(const flamigo::http_request& request) const;

private:
  flamigo::jwt_issuer issuer_;
  std::vector<std::string> moderators_;
};

} // namespace chat
