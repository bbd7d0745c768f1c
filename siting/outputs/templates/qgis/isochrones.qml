<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<!-- The areas: a group of rules for each direction and scenario, the nearest minutes darkest and on top.
     QGIS gives a symbol to one rule only, so each rule has its own. The layer as a whole is seen through, so that areas on each
     other keep the colours of the other maps. -->
<qgis version="3.28.0" styleCategories="Symbology|Labeling" labelsEnabled="0">
  <renderer-v2 type="RuleRenderer" symbollevels="0">
    <rules key="all">
      {% for group in groups %}
      <rule key="{{ group.direction }} {{ group.scenario }}" filter="&quot;direction&quot; = '{{ group.direction }}' AND &quot;scenario&quot; = '{{ group.scenario }}'" label="{{ group.words }}" checkstate="{{ group.on | int }}">
        {% for band in bands | reverse %}
        <rule key="{{ group.direction }} {{ group.scenario }} {{ band.words }}" filter="&quot;minutes&quot; = {{ band.minutes }}" label="within {{ band.words }} minutes" symbol="{{ loop.index0 + bands | length * group.number }}"/>
        {% endfor %}
      </rule>
      {% endfor %}
    </rules>
    <symbols>
      {% for group in groups %}
      {% for band in bands | reverse %}
      <symbol name="{{ loop.index0 + bands | length * group.number }}" type="fill" alpha="1" clip_to_extent="1">
        <layer class="SimpleFill" enabled="1" pass="0" locked="0">
          <Option type="Map">
            <Option name="color" type="QString" value="{{ band.colour | rgba }}"/>
            <Option name="outline_color" type="QString" value="{{ band.colour | rgba }}"/>
            <Option name="outline_width" type="QString" value="0.3"/>
            <Option name="style" type="QString" value="solid"/>
          </Option>
        </layer>
      </symbol>
      {% endfor %}
      {% endfor %}
    </symbols>
  </renderer-v2>
  <layerOpacity>{{ share }}</layerOpacity>
</qgis>
