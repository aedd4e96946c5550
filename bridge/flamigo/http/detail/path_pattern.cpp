#include "flamigo/http/detail/path_pattern.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace flamigo::detail {

namespace {

bool is_parameter_name(std::string_view text) {
  auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && is_letter(text.front())
         && std::all_of(text.begin(), text.end(), [=](char c) {
              return is_letter(c) || (c >= '0' && c <= '9');
            });
}

/// Takes the first segment off.
std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(1);
  auto result = path.substr(0, path.find('/'));
  path.remove_prefix(result.size());
  return result;
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw std::invalid_argument{"the HTTP path \"" + path + "\" " + why};
}

} // namespace

path_pattern::path_pattern(std::string text) : text_(std::move(text)) {
  if (!text_.starts_with('/'))
    refuse(text_, "must begin with a slash");
  for (std::string_view rest = text_; !rest.empty();) {
    auto segment = next_segment(rest);
    shape_ += '/';
    if (segment.find_first_of("{}") == segment.npos) {
      // An empty one, as behind the last slash, is matched by its like.
      segments_.emplace_back(segment.empty() ? "/" : segment);
      shape_ += segment;
      continue;
    }
    auto name = segment.size() < 2 ? segment
                                   : segment.substr(1, segment.size() - 2);
    if (segment.front() != '{' || segment.back() != '}'
        || !is_parameter_name(name))
      refuse(text_, "has a parameter that is no whole segment, such as {id}, "
                    "with a name of letters, digits and _");
    if (std::find(names_.begin(), names_.end(), name) != names_.end())
      refuse(text_, "has two parameters {" + std::string{name} + "}");
    names_.emplace_back(name);
    segments_.emplace_back();
    shape_ += "{}";
  }
}

bool path_pattern::matches(std::string_view path,
                           std::vector<std::string_view>& values) const {
  values.clear();
  for (auto& wanted : segments_) {
    if (!path.starts_with('/'))
      return false;
    auto segment = next_segment(path);
    if (!wanted.empty()) {
      if (wanted != (segment.empty() ? "/" : segment))
        return false;
    } else if (segment.empty()) {
      return false;
    } else {
      values.push_back(segment);
    }
  }
  return path.empty();
}

bool path_pattern::is_ambiguous_with(const path_pattern& other) const noexcept {
  if (segments_.size() != other.segments_.size())
    return false;
  bool narrower = false;
  bool wider = false;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    auto& mine = segments_[i];
    auto& its = other.segments_[i];
    if (mine.empty() != its.empty())
      (its.empty() ? narrower : wider) = true;
    else if (mine != its)
      return false;
    // A parameter stands for no empty segment.
    if (mine.empty() != its.empty() && (mine == "/" || its == "/"))
      return false;
  }
  return narrower && wider;
}

} // namespace flamigo::detail
