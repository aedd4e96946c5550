#include "flamigo/jwt/detail/jwt_claims.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <caf/error.hpp>

#include "flamigo/json/json.hpp"
#include "flamigo/jwt/detail/jwt_members.hpp"
#include "flamigo/jwt/detail/jwt_refusal.hpp"

namespace flamigo::detail {

namespace {

using texts = std::vector<std::string>;
using clock = std::chrono::system_clock;
using moment = std::optional<clock::time_point>;

// Separated by spaces (RFC 8693, 4.2).
texts words_of(std::string_view text) {
  texts result;
  while (!text.empty()) {
    auto word = text.substr(0, text.find(' '));
    if (!word.empty())
      result.emplace_back(word);
    text.remove_prefix(std::min(word.size() + 1, text.size()));
  }
  return result;
}

// Takes one claim after the other out of a payload, so that the others remain.
// After the first that is wrong nothing is read any more.
class claim_reader {
public:
  explicit claim_reader(jwt_members members) : members_(std::move(members)) {
    // nop
  }

  template <class T>
  std::optional<T> take(const std::string& name, const char* wanted) {
    auto node = members_.extract(name);
    // What has no value is not there: many issuers write null for it.
    if (node.empty() || err || node.mapped().text == "null")
      return std::nullopt;
    T result{};
    if (from_json(node.mapped().text, result)) {
      err = invalid_token("the claim " + name + " is not " + wanted);
      return std::nullopt;
    }
    return result;
  }

  std::optional<std::string> take_text(const std::string& name) {
    return take<std::string>(name, "a string");
  }

  // Seconds since 1970, with a fraction if need be (RFC 7519, 2). What lies
  // beyond the clock is its end, which is in the year 2262.
  moment take_moment(const std::string& name) {
    using namespace std::chrono;
    constexpr auto max = static_cast<double>(
      duration_cast<seconds>(clock::duration::max()).count());
    auto value = take<double>(name, "a number that a double holds");
    if (!value)
      return std::nullopt;
    auto held = std::clamp(*value, -max, max);
    auto whole = std::floor(held);
    return clock::time_point{seconds{static_cast<std::int64_t>(whole)}}
           + duration_cast<clock::duration>(duration<double>{held - whole});
  }

  texts take_audience() {
    if (auto i = members_.find("aud"); i != members_.end())
      if (auto single = as_text(i->second))
        return {std::move(*single)};
    return take<texts>("aud", "a string or an array of strings")
      .value_or(texts{});
  }

  // One text (RFC 8693, 4.2), or, as several issuers have it, an array.
  texts take_scope() {
    if (auto i = members_.find("scope");
        i != members_.end() && i->second.text.starts_with("["))
      return take<texts>("scope", "a string or an array of strings")
        .value_or(texts{});
    return words_of(take_text("scope").value_or(""));
  }

  bool has(const std::string& name) const {
    auto i = members_.find(name);
    return i != members_.end() && i->second.text != "null";
  }

  const jwt_members& rest() const {
    return members_;
  }

  caf::error err;

private:
  jwt_members members_;
};

} // namespace

caf::expected<jwt_claims> read_jwt_claims(std::string_view json) {
  auto members = read_jwt_members(json);
  if (!members)
    return invalid_token("the payload is not a JSON object with members that "
                         "stand once");
  claim_reader in{std::move(*members)};
  jwt_claims result;
  auto& who = result.who;
  who.id = in.take_text("sub").value_or("");
  who.name = in.take_text("name").value_or("");
  if (in.has("permissions"))
    who.permissions
      = in.take<texts>("permissions", "an array of strings").value_or(texts{});
  else
    who.permissions = in.take_scope();
  who.expiry = in.take_moment("exp");
  result.not_before = in.take_moment("nbf");
  result.issued_at = in.take_moment("iat");
  result.audience = in.take_audience();
  result.issuer = find_text(in.rest(), "iss");
  if (in.err)
    return std::move(in.err);
  if (who.id.empty())
    return invalid_token("the claim sub is missing or empty");
  for (auto& [name, value] : in.rest())
    if (auto text = as_text(value))
      who.extras.emplace(name, std::move(*text));
  return result;
}

} // namespace flamigo::detail
