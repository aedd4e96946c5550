#include "flamigo/strategy/detail/check_bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/number_list.hpp"
#include "flamigo/json/detail/tape.hpp"
#include "flamigo/json/detail/text_run.hpp"

namespace flamigo::detail {

namespace {

// A client can make up long names.
constexpr std::size_t max_shown = 64;

/// The path to the text that begins there, as in other errors of a field.
std::string path_to(const json_token& value, const char* begin) {
  std::string result;
  for (auto* at = &value;;) {
    auto is_object = at->kind == json_kind::object;
    auto* pos = at + 1;
    std::size_t index = 0;
    for (auto* end = at->next(); pos != end; ++index) {
      auto* name = pos;
      if (is_object)
        pos = pos->next();
      auto slice = pos->slice();
      if (begin >= slice.data() && begin < slice.data() + slice.size()) {
        if (!is_object) {
          result.append("[").append(std::to_string(index)).append("]");
          break;
        }
        if (!result.empty())
          result.push_back('.');
        result.append(name->text, utf8_cut(name->text, name->size, max_shown));
        break;
      }
      pos = pos->next();
    }
    if (pos == at->next())
      return result;
    at = pos;
  }
}

/// Where an input has no bytes, although the payload has.
std::vector<field_error> misplaced(bytes_finder where, const json_token& root,
                                   std::string_view payload,
                                   const std::vector<std::size_t>& offsets) {
  token_list found;
  if (where != nullptr)
    where(root, found);
  std::vector<field_error> result;
  for (auto offset : offsets) {
    auto* begin = payload.data() + offset;
    if (std::none_of(found.begin(), found.end(),
                     [begin](auto* x) { return x->slice().data() == begin; }))
      result.push_back({path_to(root, begin),
                        "is bytes where none are taken: send JSON here"});
  }
  return result;
}

} // namespace

caf::expected<std::uint32_t>
check_bytes(const std::vector<bytes_finder>& inputs, std::string_view payload,
            std::string_view places) {
  std::vector<std::size_t> offsets;
  json_tape tape;
  if (!read_numbers(places, offsets) || tape.parse(payload))
    return invalid_payload({{"", "has bytes that are nowhere"}});
  auto& root = tape.root();
  std::uint32_t refusing = 0;
  auto taken = false;
  std::optional<std::vector<field_error>> least;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    auto errors = misplaced(inputs[i], root, payload, offsets);
    if (errors.empty()) {
      taken = true;
      continue;
    }
    if (i < 32)
      refusing |= std::uint32_t{1} << i;
    // The input that came closest tells the client most.
    if (!least || errors.size() < least->size())
      least = std::move(errors);
  }
  if (taken)
    return refusing;
  return invalid_payload(std::move(*least));
}

} // namespace flamigo::detail
