#include "flamigo/api/api_keys.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/bearer_token.hpp"

namespace flamigo {

namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  auto result = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(result.size());
  return result;
}

std::string_view take_until(std::string_view& text, char end) {
  auto result = text.substr(0, text.find(end));
  text.remove_prefix(std::min(result.size() + 1, text.size()));
  return result;
}

std::string joined_scopes() {
  std::string result;
  for (auto scope : api_keys::all_scopes)
    result.append(result.empty() ? "" : ", ").append(scope);
  return result;
}

} // namespace

caf::expected<api_keys> api_keys::parse(std::string_view text,
                                        std::string_view name) {
  api_keys result;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto line = take_until(text, '\n');
    auto flaw = result.add(line.substr(0, line.find('#')));
    if (!flaw.empty())
      return make_error(errc::invalid_payload, std::string{name} + ":"
                                                 + std::to_string(number) + ": "
                                                 + flaw);
  }
  if (result.keys_.empty())
    return make_error(errc::invalid_payload,
                      std::string{name} + ":1: there is no key in this file");
  return result;
}

caf::expected<api_keys> api_keys::load(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in.is_open() || in.bad())
    return make_error(errc::invalid_payload,
                      "--api-keys-file cannot be \"" + file
                        + "\": it takes a file that can be read");
  return parse(text, file);
}

std::string api_keys::add(std::string_view line) {
  auto name = next_word(line);
  if (name.empty())
    return {};
  auto scopes = next_word(line);
  auto digits = next_word(line);
  if (digits.empty() || !next_word(line).empty())
    return "a line is a name, scopes with commas between them, and the SHA-256 "
           "of the key";
  key made{std::string{name}, {}, {}};
  while (!scopes.empty()) {
    auto scope = take_until(scopes, ',');
    auto known = std::find(all_scopes.begin(), all_scopes.end(), scope);
    if (known == all_scopes.end())
      return "\"" + std::string{scope} + "\" is no scope; there are "
             + joined_scopes();
    made.scopes.push_back(*known);
  }
  if (digits.size() != 2 * made.hash.size())
    return "a SHA-256 has 64 hexadecimal digits: printf %s KEY | sha256sum";
  for (std::size_t i = 0; i < made.hash.size(); ++i) {
    auto two = digits.substr(2 * i, 2);
    auto end = two.data() + two.size();
    if (std::from_chars(two.data(), end, made.hash[i], 16).ptr != end)
      return "a SHA-256 has 64 hexadecimal digits: printf %s KEY | sha256sum";
  }
  for (auto& other : keys_) {
    if (other.name == made.name)
      return "there is another key named \"" + made.name + "\"";
    if (other.hash == made.hash)
      return "this is the key of \"" + other.name + "\" as well";
  }
  keys_.push_back(std::move(made));
  return {};
}

api_keys::digest api_keys::hash_of(std::string_view key) {
  digest result{};
  if (EVP_Digest(key.data(), key.size(), result.data(), nullptr, EVP_sha256(),
                 nullptr)
      != 1)
    throw std::runtime_error{"SHA-256 failed"};
  return result;
}

const api_keys::key* api_keys::find(std::string_view token) const {
  auto wanted = hash_of(token);
  const key* result = nullptr;
  // All of them, and each to its end.
  for (auto& x : keys_)
    if (CRYPTO_memcmp(wanted.data(), x.hash.data(), wanted.size()) == 0)
      result = &x;
  return result;
}

namespace {

std::string bytes_of(const std::array<unsigned char, 32>& hash) {
  return {hash.begin(), hash.end()};
}

} // namespace

bool api_keys::key::may(std::string_view scope) const noexcept {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

caf::expected<api_keys::holder>
api_keys::identify(std::string_view token, std::string_view scope) const {
  auto found = find(token);
  if (found == nullptr)
    return make_error(errc::unauthorized, "this is no key of this server");
  if (!found->may(scope))
    return make_error(errc::forbidden, "the key \"" + found->name
                                         + "\" has not got the scope "
                                         + std::string{scope});
  return holder{found->name, bytes_of(found->hash)};
}

bool api_keys::still_allows(const holder& who, std::string_view scope) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const key& x) {
    return x.name == who.name && x.may(scope) && bytes_of(x.hash) == who.sha256;
  });
}

bool api_keys::has_scope(std::string_view scope) const {
  return std::any_of(keys_.begin(), keys_.end(),
                     [scope](const key& x) { return x.may(scope); });
}

caf::error api_keys::check(std::string_view authorization,
                           std::string_view scope) const {
  auto token = detail::bearer_of(authorization);
  if (token.empty())
    return make_error(errc::unauthorized,
                      "show a key: Authorization: Bearer KEY");
  auto found = identify(token, scope);
  return found ? caf::error{} : std::move(found.error());
}

} // namespace flamigo
