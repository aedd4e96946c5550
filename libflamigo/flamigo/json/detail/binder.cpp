#include "flamigo/json/detail/binder.hpp"

#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/text_run.hpp"

namespace flamigo::detail {

namespace {

// A client can make up long names for members of a map.
constexpr std::size_t max_name = 64;

} // namespace

json_binder::~json_binder() = default;

std::string json_binder::path() const {
  std::string result;
  for (std::size_t i = 0; i < depth_; ++i) {
    auto [name, size] = path_[i];
    if (name == nullptr) {
      result.append("[").append(std::to_string(size)).append("]");
      continue;
    }
    if (!result.empty())
      result.push_back('.');
    auto shown = utf8_cut(name, size, max_name);
    result.append(name, shown);
    if (shown < size)
      result.append("...");
  }
  return result;
}

void json_binder::fail(std::string error) {
  if (full())
    return;
  errors_.push_back({path(), std::move(error)});
}

void json_binder::fail(std::vector<field_error> errors) {
  for (auto& [field, error] : errors) {
    if (full())
      return;
    auto whole = path();
    if (!whole.empty() && !field.empty() && field.front() != '[')
      whole.push_back('.');
    whole.append(field);
    errors_.push_back({std::move(whole), std::move(error)});
  }
}

caf::error json_binder::result() {
  if (errors_.empty())
    return {};
  return invalid_payload(std::move(errors_));
}

} // namespace flamigo::detail
