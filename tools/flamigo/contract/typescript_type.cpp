#include "contract/typescript_type.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "contract/contract_document.hpp"

namespace flamigo::tool {

namespace {

/// What stands as it is where a list of it is written.
bool is_one_word(const std::string& type) {
  return type.find_first_of(" |&{") == std::string::npos;
}

class type_writer {
public:
  type_writer(const typescript_names& names, std::string indent)
    : names_(names), indent_(std::move(indent)) {
  }

  std::string write(const rapidjson::Value& schema) const {
    if (schema.IsFalse())
      return "never";
    std::vector<std::string> parts;
    if (auto name = reference_of(schema); !name.empty())
      parts.push_back(names_.of(name));
    if (auto all = choices(schema); !all.empty())
      parts.push_back(all);
    else if (auto own = by_type(schema); !own.empty())
      parts.push_back(own);
    if (parts.empty())
      return "unknown";
    auto result = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i)
      result += " & " + parts[i];
    return parts.size() == 1 ? result : "(" + result + ")";
  }

private:
  std::string choices(const rapidjson::Value& schema) const {
    auto all = member(schema, "anyOf");
    if (all == nullptr)
      all = member(schema, "oneOf");
    if (all == nullptr)
      return {};
    std::vector<std::string> types;
    for (auto& each : all->GetArray())
      if (auto type = write(each);
          std::find(types.begin(), types.end(), type) == types.end())
        types.push_back(type);
    return joined(types, " | ");
  }

  std::string by_type(const rapidjson::Value& schema) const {
    if (auto all = member(schema, "enum")) {
      std::vector<std::string> literals;
      for (auto& each : all->GetArray())
        literals.push_back(json_of(each));
      return joined(literals, " | ");
    }
    if (auto only = member(schema, "const"))
      return json_of(*only);
    auto type = member(schema, "type");
    if (type == nullptr || !type->IsString())
      return {};
    auto name = text_of(*type);
    if (name == "integer")
      return "number";
    if (name == "array")
      return list(schema);
    return name == "object" ? object(schema) : std::string{name};
  }

  std::string list(const rapidjson::Value& schema) const {
    if (auto parts = member(schema, "prefixItems")) {
      std::vector<std::string> types;
      for (auto& each : parts->GetArray())
        types.push_back(write(each));
      return "[" + joined(types, ", ") + "]";
    }
    auto items = member(schema, "items");
    auto item = items != nullptr ? write(*items) : "unknown";
    return is_one_word(item) ? item + "[]" : "Array<" + item + ">";
  }

  std::string object(const rapidjson::Value& schema) const {
    auto members = member(schema, "properties");
    if (members == nullptr) {
      auto values = member(schema, "additionalProperties");
      auto value = values != nullptr ? write(*values) : "unknown";
      auto keys = member(schema, "propertyNames");
      // Not each of the names has to be there.
      if (keys != nullptr && !reference_of(*keys).empty())
        return "Partial<Record<" + write(*keys) + ", " + value + ">>";
      return "Record<string, " + value + ">";
    }
    std::set<std::string_view> required;
    if (auto names = member(schema, "required"))
      for (auto& each : names->GetArray())
        required.insert(text_of(each));
    if (members->MemberCount() == 0)
      return "Record<string, unknown>";
    auto inner = indent_ + "  ";
    type_writer deeper{names_, inner};
    std::string result = "{\n";
    for (auto& each : members->GetObject()) {
      auto name = text_of(each.name);
      result += doc_comment(each.value, inner) + inner + literal(name)
                + (required.contains(name) ? ": " : "?: ")
                + deeper.write(each.value) + ";\n";
    }
    return result + indent_ + "}";
  }

  static std::string joined(const std::vector<std::string>& parts,
                            const char* by) {
    std::string result;
    for (auto& part : parts)
      result += (result.empty() ? "" : by) + part;
    return result;
  }

  const typescript_names& names_;
  std::string indent_;
};

} // namespace

std::string typescript_type(const rapidjson::Value& schema,
                            const typescript_names& names,
                            const std::string& indent) {
  return type_writer{names, indent}.write(schema);
}

std::string literal(std::string_view text) {
  return json_of(rapidjson::Value{
    text.data(), static_cast<rapidjson::SizeType>(text.size())});
}

std::string doc_comment(const rapidjson::Value& schema,
                        const std::string& indent) {
  auto about = member(schema, "description");
  if (about == nullptr || !about->IsString())
    return {};
  std::string text{text_of(*about)};
  // The end of a comment within it would end it.
  for (auto at = text.find("*/"); at != text.npos; at = text.find("*/", at))
    text.replace(at, 2, "* /");
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
    text.insert(at + 1, indent + " * ");
  return indent + "/** " + text + " */\n";
}

} // namespace flamigo::tool
