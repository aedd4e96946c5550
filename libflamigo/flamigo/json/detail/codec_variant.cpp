#include "flamigo/json/detail/codec_variant.hpp"

#include "flamigo/json/detail/codec_enum.hpp"

namespace flamigo::detail {

std::size_t read_tag(json_binder& in, const json_token& token,
                     const std::string_view* tags, std::size_t count) {
  found_member tag;
  if (!find_members(in, token, &variant_tag, &tag, 1))
    return count;
  json_binder::scope here{in, variant_tag};
  if (tag.twice)
    in.fail("stands twice");
  else if (tag.value == nullptr)
    in.fail("is required");
  else
    return read_name(in, *tag.value, tags, count);
  return count;
}

std::size_t begin_tagged(std::string& out, std::string_view tag) {
  out.append(R"({"type":)");
  append_string(out, tag);
  return out.size();
}

void end_tagged(std::string& out, std::size_t begin) {
  auto is_empty = out[begin + 1] == '}';
  if (is_empty)
    out.erase(begin, 1);
  else
    out[begin] = ',';
}

} // namespace flamigo::detail
