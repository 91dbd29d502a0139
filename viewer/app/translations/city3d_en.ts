<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>viewer::app::ContentPanel</name>
    <message numerus="yes">
        <source>%n feature(s)</source>
        <translation>
            <numerusform>%n feature</numerusform>
            <numerusform>%n features</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>viewer::app::SitePanel</name>
    <message numerus="yes">
        <source>%n point(s)</source>
        <translation>
            <numerusform>%n point</numerusform>
            <numerusform>%n points</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Conflicts with %n layer(s)</source>
        <translation>
            <numerusform>Conflicts with %n layer</numerusform>
            <numerusform>Conflicts with %n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n layer(s) checked</source>
        <translation>
            <numerusform>%n layer checked</numerusform>
            <numerusform>%n layers checked</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>viewer::app::StatusReadout</name>
    <message numerus="yes">
        <source>%n tile(s) failed</source>
        <translation>
            <numerusform>%n tile failed</numerusform>
            <numerusform>%n tiles failed</numerusform>
        </translation>
    </message>
</context>
</TS>
