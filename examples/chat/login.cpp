#include "login.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <utility>

#include "checks.hpp"

namespace chat {

namespace {

struct credentials {
  std::string name;

  void validate(std::vector<flamigo::field_error>& errors) const {
    check_length("name", name, 64, errors);
  }
};

BOOST_DESCRIBE_STRUCT(credentials, (), (name))

flamigo::http_response reply(unsigned status, std::string json) {
  return {.status = status,
          .content_type = "application/json",
          .body = std::move(json),
          // A token is nothing for a cache.
          .headers = {{"Cache-Control", "no-store"}}};
}

/// One that nobody else has, until the program ends, and the tokens with it.
std::string new_key() {
  std::random_device random;
  std::string result(32, '\0');
  for (auto& byte : result)
    byte = static_cast<char>(random());
  return result;
}

std::string read_key(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  std::string result{std::istreambuf_iterator<char>{in}, {}};
  if (result.empty())
    throw std::runtime_error{"--token-secret-file: " + file
                             + " cannot be read or is empty"};
  return result;
}

} // namespace

flamigo::jwt_options token_options(const std::string& secret_file) {
  auto key = secret_file.empty() ? new_key() : read_key(secret_file);
  return {.key = std::move(key), .audience = "flamigo-chat"};
}

login::login(flamigo::jwt_issuer issuer, std::vector<std::string> moderators)
  : issuer_(std::move(issuer)), moderators_(std::move(moderators)) {
}

flamigo::http_response
login::operator()(const flamigo::http_request& request) const {
  auto in = flamigo::from_json<credentials>(request.body);
  if (!in) {
    std::string error;
    flamigo::append_error_payload(error, in.error(), false);
    return reply(static_cast<unsigned>(flamigo::status_of(in.error())),
                 std::move(error));
  }
  flamigo::user who{.id = in->name,
                    .name = in->name,
                    .permissions = {},
                    .expiry = std::chrono::system_clock::now() + lifetime,
                    .extras = {}};
  if (std::count(moderators_.begin(), moderators_.end(), in->name) > 0)
    who.permissions.push_back("chat:moderate");
  session result{issuer_.issue(who), std::chrono::seconds{lifetime}.count()};
  return reply(200, flamigo::to_json(result));
}

} // namespace chat
