#include "format/xml_tags.h"

#include <doctest/doctest.h>

namespace bedrail {

TEST_CASE("xml: tags front to back, with prefix, attributes and text") {
  XmlTags tags(
      "<?xml version=\"1.0\"?><!-- <no/> --><a:Model x:id='1>0' V = \"two\">CT &amp; 9</a:Model><Empty "
      "V=\"3\"/>");
  REQUIRE(tags.next());
  CHECK(tags.name() == "Model");
  CHECK(tags.prefix() == "a");
  CHECK(tags.attribute("id") == "1>0");
  CHECK(tags.attribute("V") == "two");
  CHECK(tags.attribute("none").empty());
  CHECK(tags.text() == "CT &amp; 9");
  REQUIRE(tags.next());
  CHECK(tags.is_end());
  CHECK(tags.name() == "Model");
  REQUIRE(tags.next());
  CHECK(tags.is_empty());
  CHECK(tags.attribute("v") == "3");
  CHECK_FALSE(tags.next());
  CHECK_FALSE(tags.next());
}

TEST_CASE("xml: what is cut short or no tag ends the walk") {
  for (const char* text : {"", "no tags", "<", "<a", "<a b='>", "<!-- open", "<![CDATA[x", "<?xml"}) {
    CAPTURE(text);
    CHECK_FALSE(XmlTags(text).next());
  }
}

TEST_CASE("xml: texts") {
  CHECK(xml_text("  A &lt;B&gt; &#67;&#x44;&#8364;&unknown; & E ") == "A <B> CD & E");
  CHECK(xml_text("&") == "&");
  CHECK(xml_text("a&b;") == "a");
  CHECK(xml_element("<x:Serial/><y:serial>9</y:serial>", "Serial") == "9");
  CHECK(xml_element("<Serial>cut", "Serial").empty());
  CHECK(xml_element("<m><![CDATA[ a<b ]]></m>", "m") == "a<b");
  CHECK(xml_inside("<p:a><b>1</b></p:a><b>2</b>", "a") == "<b>1</b>");
  CHECK(xml_inside("<a><b>1</b>", "a").empty());
}

TEST_CASE("xml: lists of words") {
  std::string_view list = " a:B\r\n c ";
  CHECK(xml_list_item(list) == "a:B");
  CHECK(xml_list_item(list) == "c");
  CHECK(xml_list_item(list).empty());
}

}  // namespace bedrail
