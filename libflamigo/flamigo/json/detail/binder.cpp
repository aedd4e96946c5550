#include "flamigo/json/detail/binder.hpp"

#include <utility>

#include "flamigo/error.hpp"
#include "flamigo/json/detail/text_run.hpp"

namespace flamigo::detail {

namespace {

// A client can make up long names for members of a map.
constexpr std::size_t max_name = 64;

} // namespace

void json_binder::render(std::string& out, const segment* at) {
  if (at == nullptr)
    return;
  render(out, at->up);
  if (at->index != no_index) {
    out.append("[").append(std::to_string(at->index)).append("]");
    return;
  }
  if (!out.empty())
    out.push_back('.');
  auto size = utf8_cut(at->name.data(), at->name.size(), max_name);
  out.append(at->name, 0, size);
  if (size < at->name.size())
    out.append("...");
}

void json_binder::fail(std::string error) {
  if (full())
    return;
  std::string path;
  render(path, at_);
  errors_.push_back({std::move(path), std::move(error)});
}

void json_binder::fail(std::vector<field_error> errors) {
  std::string path;
  render(path, at_);
  for (auto& [field, error] : errors) {
    if (full())
      return;
    auto whole = path;
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
