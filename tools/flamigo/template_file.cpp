#include "template_file.hpp"

#include <algorithm>
#include <stdexcept>

#include "words.hpp"

namespace flamigo::tool {

namespace {

bool is_key(std::string_view text) {
  auto ok = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), ok);
}

std::string fill_in_keys(std::string_view line, const template_values& values) {
  std::string result;
  for (;;) {
    auto begin = line.find('@');
    auto end = begin == line.npos ? line.npos : line.find('@', begin + 1);
    if (end == line.npos)
      return result += line;
    result += line.substr(0, begin);
    line.remove_prefix(begin);
    auto key = line.substr(1, end - begin - 1);
    if (!is_key(key)) {
      // Only what stands before the next one is known to be no key.
      result += line.substr(0, end - begin);
      line.remove_prefix(end - begin);
      continue;
    }
    auto i = values.texts.find(key);
    if (i == values.texts.end())
      throw std::logic_error{"a template asks for @" + std::string{key} + "@"};
    result += i->second;
    line.remove_prefix(key.size() + 2);
  }
}

/// What a directive says after its `@`; nothing for any other line.
std::vector<std::string> directive_of(std::string_view line) {
  auto words = words_of(line, " \t\r\n");
  if (words.size() < 2 || words[0].size() > 4 || words[1][0] != '@'
      || words[1].find('@', 1) != std::string::npos)
    return {};
  words.erase(words.begin());
  words[0].erase(0, 1);
  return words;
}

bool holds(const std::vector<std::string>& condition,
           const template_values& values) {
  auto negated = condition.at(1) == "not";
  auto& what = condition.at(negated ? 2 : 1);
  auto holds = what == "store"     ? values.store
               : what == "options" ? values.with.has_options()
                                   : values.with.has(feature_of(what));
  return holds != negated;
}

} // namespace

std::string fill_in(std::string_view text, const template_values& values) {
  std::string result;
  // Of each condition around the line, the outermost first.
  std::vector<bool> wanted;
  while (!text.empty()) {
    auto end = std::min(text.find('\n'), text.size() - 1);
    auto line = text.substr(0, end + 1);
    text.remove_prefix(line.size());
    auto directive = directive_of(line);
    if (directive.empty()) {
      if (std::find(wanted.begin(), wanted.end(), false) == wanted.end())
        result += fill_in_keys(line, values);
    } else if (directive[0] == "if") {
      wanted.push_back(holds(directive, values));
    } else if (directive[0] == "else" && !wanted.empty()) {
      wanted.back() = !wanted.back();
    } else if (directive[0] == "end" && !wanted.empty()) {
      wanted.pop_back();
    } else {
      throw std::logic_error{"a template says @" + directive[0]};
    }
  }
  return result;
}

} // namespace flamigo::tool
