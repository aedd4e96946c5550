#include "contract/typescript.hpp"

#include <string_view>

#include "contract/contract_document.hpp"
#include "contract/typescript_names.hpp"
#include "contract/typescript_type.hpp"

namespace flamigo::tool {

namespace {

class module_writer {
public:
  explicit module_writer(const rapidjson::Document& contract)
    : contract_(contract), names_(contract["$defs"]) {
  }

  std::string write() {
    out_ = "// Made by `flamigo contract --typescript`. Do not edit.\n";
    for (auto& each : contract_["$defs"].GetObject())
      out_ += "\n" + doc_comment(each.value, "") + "export type "
              + names_.of(text_of(each.name)) + " = "
              + typescript_type(each.value, names_) + ";\n";
    out_ += "\n/** What this server and its clients say to each other. */\n"
            "export interface Contract {\n";
    part("calls", "strategies", [this](auto& what) { return call(what); });
    part("streams", "strategies", [this](auto& what) { return stream(what); });
    part("events", "events",
         [this](auto& what) { return type(what["payload"], "    "); });
    part("channels", "channels", [this](auto& what) { return channel(what); });
    part("requests", "requests", [this](auto& what) {
      return "{ input: " + type(what["question"], "    ")
             + "; output: " + type(what["answer"], "    ") + " }";
    });
    return out_ + "}\n";
  }

private:
  std::string type(const rapidjson::Value& schema, const char* indent) const {
    return typescript_type(schema, names_, indent);
  }

  std::string type_or(const rapidjson::Value& of, const char* name,
                      const char* otherwise) const {
    auto found = member(of, name);
    return found != nullptr ? type(*found, "    ") : otherwise;
  }

  /// Those of which `made` makes something.
  template <class F>
  void part(const char* name, const char* of, F made) {
    out_ += std::string{"  "} + name + ": {\n";
    for (auto& each : contract_[of].GetObject())
      if (auto text = made(each.value); !text.empty())
        out_ += "    " + literal(text_of(each.name)) + ": " + text + ";\n";
    out_ += "  };\n";
  }

  std::string call(const rapidjson::Value& what) const {
    if (what["stream"].GetBool())
      return {};
    return "{ input: " + type_or(what, "input", "null") + "; output: "
           + type(what["output"], "    ") + "; errors: " + errors(what) + " }";
  }

  std::string stream(const rapidjson::Value& what) const {
    if (!what["stream"].GetBool())
      return {};
    return "{ input: " + type_or(what, "input", "null") + "; item: "
           + type(what["output"], "    ") + "; errors: " + errors(what) + " }";
  }

  static std::string errors(const rapidjson::Value& of) {
    std::string result;
    for (auto& each : of["errors"].GetArray())
      result += (result.empty() ? "" : " | ") + literal(text_of(each["code"]));
    return result.empty() ? "never" : result;
  }

  std::string channel(const rapidjson::Value& what) const {
    auto result = "{\n      input: " + type_or(what, "input", "null")
                  + ";\n      result: " + type_or(what, "result", "null")
                  + ";\n      presence: " + type_or(what, "presence", "never")
                  + ";\n      events: {";
    for (auto& each : what["events"].GetArray())
      result += "\n        " + literal(text_of(each)) + ": "
                + type(contract_["events"][each]["payload"], "        ") + ";";
    return result
           + (what["events"].Empty() ? "};\n    }" : "\n      };\n    }");
  }

  const rapidjson::Document& contract_;
  typescript_names names_;
  std::string out_;
};

} // namespace

std::string typescript_of(const rapidjson::Document& contract) {
  return module_writer{contract}.write();
}

} // namespace flamigo::tool
